/* nocon.exe PROGRAM ARGUMENTS...: starts PROGRAM with a console that nobody sees, and with this program's own standard
 * input, output and error; ends with PROGRAM's exit code.
 *
 * Why: PowerShell without a console runs nothing, prints nothing and exits 0. Under Wine there is none without a
 * terminal, and with one everything passes through the console's screen, which wraps and repaints it.
 *
 * Two stages: the first makes a console by starting itself again with CREATE_NO_WINDOW; the second, inside it, sets its
 * encoding to UTF-8 (inherited by everything below) and starts PROGRAM. If there is no console, PROGRAM is not started
 * and the exit code is 125. Whoever ends this program ends all below it.
 */
#include <windows.h>
#include <stdio.h>

#define INNER L"//in-console "
#define NOT_RUN 125

/* The command line after its first word. */
static wchar_t *rest_of(wchar_t *p)
{
    int quoted = 0;
    for (; *p && (quoted || (*p != L' ' && *p != L'\t')); p++)
        if (*p == L'"') quoted = !quoted;
    while (*p == L' ' || *p == L'\t') p++;
    return p;
}

static int not_run(const char *what)
{
    fprintf(stderr, "pwsh: %s (Windows error %lu); nothing was run\n", what, GetLastError());
    return NOT_RUN;
}

/* Runs a command line in a job that ends with this process, and returns its exit code. */
static int run(wchar_t *command, DWORD flags)
{
    STARTUPINFOW start = { 0 };
    PROCESS_INFORMATION process;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit = { 0 };
    HANDLE job = CreateJobObjectW(NULL, NULL);
    DWORD code = NOT_RUN;

    limit.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limit, sizeof limit);
    start.cb = sizeof start;
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    start.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, flags | CREATE_SUSPENDED, NULL, NULL, &start, &process))
        return not_run("cannot start the program");
    AssignProcessToJobObject(job, process.hProcess);
    ResumeThread(process.hThread);
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    /* Unix keeps the lowest byte alone: what failed must not become 0 there. */
    return code != 0 && (code & 0xff) == 0 ? 255 : (int)code;
}

int wmain(void)
{
    wchar_t *rest = rest_of(GetCommandLineW());
    static wchar_t command[32768];
    wchar_t self[MAX_PATH];
    static const DWORD streams[] = { STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE };
    DWORD mode;

    if (wcsncmp(rest, INNER, wcslen(INNER)) == 0) {
        if (!SetConsoleOutputCP(CP_UTF8) || !SetConsoleCP(CP_UTF8)) return not_run("there is no console");
        return run(rest + wcslen(INNER), 0);
    }
    if (!GetModuleFileNameW(NULL, self, MAX_PATH)) return not_run("the launcher's own path is too long");
    if (wcslen(self) + wcslen(INNER) + wcslen(rest) + 4 > 32768) {
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return not_run("the command line is longer than Windows allows");
    }
    for (int i = 0; i < 3; i++)
        if (GetConsoleMode(GetStdHandle(streams[i]), &mode))
            return not_run("standard input, output or error is a terminal, which PowerShell could not use");
    wcscpy(command, L"\"");
    wcscat(command, self);
    wcscat(command, L"\" " INNER);
    wcscat(command, rest);
    return run(command, CREATE_NO_WINDOW);
}
