@echo off
rem Start-up script of a group policy. Set the client's number, the hub and the files; the exit code says what has happened (docs/operations.md).
setlocal
set "CLIENT=1"
set "HUB=https://hub.example:7412"
set "FILES=%ProgramData%\Polevik"
call "%ProgramFiles%\Polevik\polevik.cmd" sync-anydesk-id %CLIENT% --install --hub "%HUB%" --token-file "%FILES%\token" --ca "%FILES%\hub.pem" >> "%FILES%\sync-anydesk-id.log" 2>&1
exit /b %ERRORLEVEL%
