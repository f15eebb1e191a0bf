@echo off
rem Polevik.exe is a program with windows. In a script cmd waits for such a program and takes its exit code, at its prompt it does neither.
if "%~1"=="" goto help
"%~dp0Polevik.exe" %*
exit /b %ERRORLEVEL%
:help
"%~dp0Polevik.exe" --help
exit /b %ERRORLEVEL%
