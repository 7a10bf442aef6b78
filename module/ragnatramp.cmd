@echo off
rem The command line of Ragnatramp for cmd and CI: in PowerShell 7 where that is in PATH, else in Windows PowerShell.
setlocal
set "RAGNATRAMP_SHELL="
for %%p in (pwsh.exe) do set "RAGNATRAMP_SHELL=%%~$PATH:p"
if not defined RAGNATRAMP_SHELL set "RAGNATRAMP_SHELL=%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe"
"%RAGNATRAMP_SHELL%" -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%~dp0ragnatramp.ps1" %*
exit /b %errorlevel%
