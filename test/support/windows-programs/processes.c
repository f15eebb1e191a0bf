/*
 * A stand-in for powershell.exe under wine, whose own one does nothing: it answers the two questions that are put to PowerShell about
 * processes, with the paths of running programs whose name begins with POLEVIK_ASKED. To other questions it says nothing, as wine's does.
 */
#include <windows.h>
#include <tlhelp32.h>
#include <stdio.h>
#include <wchar.h>

int wmain(int argc, wchar_t **argv) {
  wchar_t asked[MAX_PATH];
  if (argc < 2 || !wcsstr(argv[argc - 1], L"Get-Process -Name")) return 0;
  if (!GetEnvironmentVariableW(L"POLEVIK_ASKED", asked, MAX_PATH)) return 1;
  HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  PROCESSENTRY32W one = {.dwSize = sizeof one};
  for (BOOL more = Process32FirstW(all, &one); more; more = Process32NextW(all, &one)) {
    if (_wcsnicmp(one.szExeFile, asked, wcslen(asked))) continue;
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, one.th32ProcessID);
    wchar_t path[MAX_PATH];
    DWORD size = MAX_PATH;
    if (process && QueryFullProcessImageNameW(process, 0, path, &size)) {
      char text[2 * MAX_PATH];
      WideCharToMultiByte(866, 0, path, -1, text, sizeof text, NULL, NULL);
      printf("%s\r\n", text);
    }
    if (process) CloseHandle(process);
  }
  return 0;
}
