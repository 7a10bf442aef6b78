@echo off
rem The command line of Ragnatramp for cmd and CI: PowerShell 7 where it is installed, else Windows PowerShell.
setlocal
set "RAGNATRAMP_SHELL=pwsh.exe"
where /q pwsh.exe
if errorlevel 1 set "RAGNATRAMP_SHELL=%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe"
"%RAGNATRAMP_SHELL%" -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%~dp0ragnatramp.ps1" %*
exit /b %errorlevel%
