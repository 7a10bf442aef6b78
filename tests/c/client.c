/*
 * A client of the library in C: calls every function of include/ragnatramp.h as the header describes it. It is compiled as
 * C11 and as C++17 and run under valgrind; see run.sh. Prints "N passed, N failed" and returns 1 where one failed.
 *
 *     client FOLDER     FOLDER holds ragnatramp.yaml and .ragnatramp/state.json, which knows one machine, web, with Id A1
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ragnatramp.h"

typedef struct {
    RagnaStatus status;
    uint8_t *data;
    size_t len;
} Response;

static int passed, failed;
static char config[4096];

static void check(int holds, const char *what) {
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("failed: %s\n", what);
    }
}

static const uint8_t *bytes(const char *text) { return (const uint8_t *)text; }

/* Whether a response came with this status and has this text in it; gives the buffer back. */
static int got(Response response, RagnaStatus status, const char *text) {
    int holds = response.status == status;
    size_t wanted = strlen(text), at;
    int found = wanted == 0;
    for (at = 0; !found && at + wanted <= response.len; at++)
        found = memcmp(response.data + at, text, wanted) == 0;
    if (!holds || !found)
        printf("status %d: %.*s\n", (int)response.status, (int)response.len, (const char *)response.data);
    ragna_free(response.data, response.len);
    return holds && found;
}

typedef RagnaStatus (*Alone)(const uint8_t *, size_t, uint8_t **, size_t *);
typedef RagnaStatus (*OnLab)(uint64_t, const uint8_t *, size_t, uint8_t **, size_t *);

static Response alone(Alone function, const char *request) {
    Response response = {RAGNA_STATUS_OK, NULL, 0};
    response.status = function(bytes(request), strlen(request), &response.data, &response.len);
    return response;
}

static Response on_lab(OnLab function, uint64_t lab, const char *request) {
    Response response = {RAGNA_STATUS_OK, NULL, 0};
    response.status = function(lab, bytes(request), strlen(request), &response.data, &response.len);
    return response;
}

static Response seed(uint64_t lab, const char *request) {
    Response response = {RAGNA_STATUS_OK, NULL, 0};
    response.status = ragna_seed_write(lab, bytes(request), strlen(request), NULL, 0, &response.data, &response.len);
    return response;
}

static Response open_lab(uint64_t *lab) {
    Response response = {RAGNA_STATUS_OK, NULL, 0};
    response.status = ragna_lab_open(lab, bytes(config), strlen(config), &response.data, &response.len);
    return response;
}

static Response close_lab(uint64_t lab) {
    Response response = {RAGNA_STATUS_OK, NULL, 0};
    response.status = ragna_lab_close(lab, &response.data, &response.len);
    return response;
}

static const char *const SNAPSHOT =
    "{\"snapshot\":{\"vms\":{\"id\":[\"A1\"],\"name\":[\"other\"],\"state\":[\"Running\"]}},"
    "\"exchange\":[],\"clock\":{\"elapsedSeconds\":0,\"timeoutSeconds\":0}}";
static const char *const LIFECYCLE =
    "{\"inventory\":{\"complete\":true,\"vms\":{\"id\":[],\"name\":[],\"state\":[],\"notes\":[],\"path\":[],\"generation\":[]}},"
    "\"goal\":{\"kind\":\"stop\"}}";
static const char *const PREFLIGHT =
    "{\"inventory\":{\"complete\":true,\"vms\":{\"id\":[],\"name\":[],\"state\":[],\"notes\":[],\"path\":[],\"generation\":[]}}}";
static const char *const STATUS = "{\"snapshot\":null,\"now\":\"2026-11-23T08:00:00.000Z\"}";

static void check_contracts(void) {
#define CONTRACT(function, checksum) \
    check(ragna_contract_checksum(bytes(#function), strlen(#function)) == (checksum), "contract of " #function)
    CONTRACT(ragna_contract_checksum, RAGNA_CONTRACT_CHECKSUM_CONTRACT);
    CONTRACT(ragna_free, RAGNA_FREE_CONTRACT);
    CONTRACT(ragna_config_parse, RAGNA_CONFIG_PARSE_CONTRACT);
    CONTRACT(ragna_lab_open, RAGNA_LAB_OPEN_CONTRACT);
    CONTRACT(ragna_lab_close, RAGNA_LAB_CLOSE_CONTRACT);
    CONTRACT(ragna_discover, RAGNA_DISCOVER_CONTRACT);
    CONTRACT(ragna_diff, RAGNA_DIFF_CONTRACT);
    CONTRACT(ragna_state_record, RAGNA_STATE_RECORD_CONTRACT);
    CONTRACT(ragna_state_repair, RAGNA_STATE_REPAIR_CONTRACT);
    CONTRACT(ragna_hosts_render, RAGNA_HOSTS_RENDER_CONTRACT);
    CONTRACT(ragna_hosts_merge, RAGNA_HOSTS_MERGE_CONTRACT);
    CONTRACT(ragna_hosts_warnings, RAGNA_HOSTS_WARNINGS_CONTRACT);
    CONTRACT(ragna_guest_transports, RAGNA_GUEST_TRANSPORTS_CONTRACT);
    CONTRACT(ragna_guest_previews, RAGNA_GUEST_PREVIEWS_CONTRACT);
    CONTRACT(ragna_guest_updates, RAGNA_GUEST_UPDATES_CONTRACT);
    CONTRACT(ragna_guest_acknowledgements, RAGNA_GUEST_ACKNOWLEDGEMENTS_CONTRACT);
    CONTRACT(ragna_guest_media, RAGNA_GUEST_MEDIA_CONTRACT);
    CONTRACT(ragna_report, RAGNA_REPORT_CONTRACT);
    CONTRACT(ragna_machine_status, RAGNA_MACHINE_STATUS_CONTRACT);
    CONTRACT(ragna_watch, RAGNA_WATCH_CONTRACT);
    CONTRACT(ragna_watch_task, RAGNA_WATCH_TASK_CONTRACT);
    CONTRACT(ragna_watch_begin, RAGNA_WATCH_BEGIN_CONTRACT);
    CONTRACT(ragna_ssh_config, RAGNA_SSH_CONFIG_CONTRACT);
    CONTRACT(ragna_lifecycle_begin, RAGNA_LIFECYCLE_BEGIN_CONTRACT);
    CONTRACT(ragna_lifecycle_plan, RAGNA_LIFECYCLE_PLAN_CONTRACT);
    CONTRACT(ragna_lifecycle_preflight, RAGNA_LIFECYCLE_PREFLIGHT_CONTRACT);
    CONTRACT(ragna_lifecycle_record, RAGNA_LIFECYCLE_RECORD_CONTRACT);
    CONTRACT(ragna_disk_copy, RAGNA_DISK_COPY_CONTRACT);
    CONTRACT(ragna_seed_write, RAGNA_SEED_WRITE_CONTRACT);
    CONTRACT(ragna_disk_delete, RAGNA_DISK_DELETE_CONTRACT);
    check(ragna_contract_checksum(bytes("ragna_unknown"), 13) == 0, "a name that is not exported");
}

static void check_single_calls(void) {
    const char *media = "{\"format\":\"Iso\",\"files\":[{\"name\":\"a\",\"size\":2}]}";
    char repair[4200];
    Response response = {RAGNA_STATUS_OK, NULL, 7};
    snprintf(repair, sizeof repair, "%.*s,\"dryRun\":true}", (int)strlen(config) - 1, config);
    check(got(alone(ragna_config_parse, config), RAGNA_STATUS_OK, "\"project\":\"lab\""), "a config is parsed");
    check(got(alone(ragna_config_parse, "{\"path\":\"/nowhere\"}"), RAGNA_STATUS_ERROR, "CONFIG_NOT_FOUND"), "no config");
    check(got(alone(ragna_config_parse, "{"), RAGNA_STATUS_ERROR, "INVALID_REQUEST"), "no JSON");
    check(got(alone(ragna_state_repair, repair), RAGNA_STATUS_OK, "\"operation\":null"), "nothing to repair");
    check(got(alone(ragna_hosts_render, "{\"peers\":[{\"name\":\"web\",\"ipv4\":\"172.20.0.5\"}]}"), RAGNA_STATUS_OK,
              "172.20.0.5 web"), "a block is rendered");
    response.status = ragna_guest_media(bytes(media), strlen(media), bytes("ab"), 2, &response.data, &response.len);
    check(got(response, RAGNA_STATUS_OK, "CD001"), "an image is made");
    check(got(alone(ragna_watch_task, "{\"path\":\"/lab/ragnatramp.yaml\",\"project\":\"lab\",\"tasks\":[]}"), RAGNA_STATUS_OK, "\"task\":{"),
          "a task is named");
    check(got(alone(ragna_disk_copy, "{\"source\":\"/nowhere\",\"path\":\"/nowhere.vhdx\",\"restart\":false}"), RAGNA_STATUS_ERROR,
              "DISK_IO_FAILED"), "no image to copy");
    check(got(alone(ragna_disk_delete, "{\"path\":\"/nowhere.vhdx\",\"isFolder\":false}"), RAGNA_STATUS_OK, "\"done\":true"),
          "nothing to delete");
    response.data = (uint8_t *)&response;
    response.len = 7;
    response.status = ragna_config_parse(NULL, 3, &response.data, &response.len);
    check(response.status == RAGNA_STATUS_NULL_POINTER && response.data == NULL && response.len == 0, "null request");
    check(ragna_config_parse(bytes("{}"), 2, NULL, &response.len) == RAGNA_STATUS_NULL_POINTER, "null place");
    ragna_free(NULL, 0);
}

static void check_lab(void) {
    uint64_t lab = 0;
    check(got(open_lab(&lab), RAGNA_STATUS_OK, "\"machineNames\":[\"web\"]") && lab != 0, "a lab is opened");
    check(got(on_lab(ragna_diff, lab, "{\"now\":\"x\"}"), RAGNA_STATUS_ERROR, "INVALID_REQUEST"), "planned too early");
    check(got(on_lab(ragna_discover, lab, SNAPSHOT), RAGNA_STATUS_OK, "\"done\":true"), "a snapshot is taken in");
    check(got(on_lab(ragna_watch_begin, lab, "{}"), RAGNA_STATUS_OK, ""), "a watch begins");
    check(got(on_lab(ragna_watch, lab, "{\"mark\":null,\"seconds\":0}"), RAGNA_STATUS_OK, "\"mark\":"), "watched");
    check(got(on_lab(ragna_ssh_config, lab, "{\"dryRun\":true}"), RAGNA_STATUS_OK, "\"changed\":false"), "nothing in the ssh config");
    check(got(on_lab(ragna_diff, lab, "{\"now\":\"2026-11-23T08:00:00.000Z\"}"), RAGNA_STATUS_OK, "\"proceed\":true"), "planned");
    check(got(on_lab(ragna_state_record, lab, "{\"bound\":1,\"waited\":0}"), RAGNA_STATUS_OK, "\"waiting\":null"), "recorded");
    check(got(on_lab(ragna_hosts_merge, lab, "127.0.0.1 localhost\n"), RAGNA_STATUS_OK, "# BEGIN RAGNATRAMP"), "merged");
    check(got(on_lab(ragna_hosts_warnings, lab, "{\"machineName\":\"web\"}"), RAGNA_STATUS_OK, "\"items\":[]"), "no warnings");
    check(got(on_lab(ragna_guest_transports, lab, "{\"transport\":\"Auto\",\"hasCredential\":false}"), RAGNA_STATUS_OK,
              "\"items\":[]"), "transports");
    check(got(on_lab(ragna_guest_previews, lab, "{\"settings\":{\"texts\":[],\"settings\":[]}}"), RAGNA_STATUS_OK, "\"items\":[]"), "previews");
    check(got(on_lab(ragna_guest_updates, lab, "{\"machineNames\":[],\"settings\":{\"texts\":[],\"settings\":[]},\"exchange\":[]}"), RAGNA_STATUS_OK,
              "\"calls\":[]"), "updates");
    check(got(on_lab(ragna_guest_acknowledgements, lab, "{\"exchange\":[],\"wait\":{\"bound\":1,\"waited\":0}}"), RAGNA_STATUS_OK,
              "\"awaited\":[]"), "acknowledgements");
    check(got(on_lab(ragna_report, lab, "{\"guests\":[]}"), RAGNA_STATUS_OK, "OWNERSHIP_VERIFICATION_FAILED"), "reported");
    check(got(on_lab(ragna_machine_status, lab, STATUS), RAGNA_STATUS_OK, "\"HyperVAnswered\":false"), "status");
    check(got(on_lab(ragna_lifecycle_begin, lab, "{}"), RAGNA_STATUS_OK, ""), "a run begins");
    check(got(on_lab(ragna_lifecycle_plan, lab, LIFECYCLE), RAGNA_STATUS_OK, "its VM is gone from Hyper-V"), "a stop is planned");
    check(got(on_lab(ragna_lifecycle_preflight, lab, PREFLIGHT), RAGNA_STATUS_OK, "\"items\":["), "preflight");
    check(got(seed(lab, "{\"machineName\":\"web\",\"path\":\"/nowhere.iso\",\"files\":[]}"), RAGNA_STATUS_ERROR,
              "No disc /nowhere.iso was begun for web"), "a disc that nobody began");
    check(got(on_lab(ragna_lifecycle_record, lab, "{\"machineName\":\"web\",\"change\":{\"kind\":\"end\"},\"bound\":1,\"waited\":0}"),
              RAGNA_STATUS_OK, "\"written\":false"), "the end of nothing is recorded");
    check(got(close_lab(lab), RAGNA_STATUS_OK, ""), "closed");
    check(got(close_lab(lab), RAGNA_STATUS_ERROR, "No open lab has this handle"), "closed twice");
    check(got(on_lab(ragna_machine_status, lab, STATUS), RAGNA_STATUS_ERROR, "No open lab has this handle"), "stale");
    check(got(on_lab(ragna_machine_status, 0, STATUS), RAGNA_STATUS_ERROR, "No open lab has this handle"), "zero");
    check(got(on_lab(ragna_machine_status, 0x123456789abcdefULL, STATUS), RAGNA_STATUS_ERROR, "No open lab has this handle"),
          "random");
}

/* What each of 16 threads does: labs of its own, and one that all share. Returns the number of calls that went wrong. */
static void *use_labs(void *argument) {
    uint64_t shared = *(uint64_t *)argument, own;
    int round;
    size_t wrong = 0;
    for (round = 0; round < 10; round++) {
        wrong += !got(open_lab(&own), RAGNA_STATUS_OK, "");
        wrong += !got(on_lab(ragna_discover, own, SNAPSHOT), RAGNA_STATUS_OK, "");
        wrong += !got(on_lab(ragna_machine_status, shared, STATUS), RAGNA_STATUS_OK, "");
        wrong += !got(close_lab(own), RAGNA_STATUS_OK, "");
    }
    return wrong == 0 ? NULL : argument;
}

static void check_threads(void) {
    pthread_t threads[16];
    uint64_t shared = 0;
    int started = 0, right = 0, index;
    void *wrong;
    check(got(open_lab(&shared), RAGNA_STATUS_OK, ""), "a lab for all threads");
    for (index = 0; index < 16; index++)
        started += pthread_create(&threads[index], NULL, use_labs, &shared) == 0;
    for (index = 0; index < started; index++)
        right += pthread_join(threads[index], &wrong) == 0 && wrong == NULL;
    check(right == 16, "16 threads");
    check(got(close_lab(shared), RAGNA_STATUS_OK, ""), "closed after all");
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    snprintf(config, sizeof config, "{\"path\":\"%s/ragnatramp.yaml\"}", arguments[1]);
    check_contracts();
    check_single_calls();
    check_lab();
    check_threads();
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
