/*
 * A stand-in for AnyDesk.exe: it answers as the recorded facts of the real one say, for tests of the program that asks it.
 *
 * What it does is said by a file beside it, `behaviour.txt`: one word, and after it a number where the word wants one.
 *   ready        --get-id prints the address, with CRLF
 *   slow N       the first N questions print nothing, then the address
 *   zero N       the first N questions print 0, then the address
 *   silent       prints nothing
 *   hang         never ends
 *   cp866        prints Russian words in the code page of Russian consoles
 *   flood        prints megabytes
 *   session N    a connection lasts N seconds
 * As an installer: `--install <folder> --silent ...` copies itself there with the behaviour `ready` and enters itself as an
 * installed program; the word decides here too:
 *   refuse       ends with 1223 (the person refused elevation) and does nothing
 *   break        makes the folder and the entry, copies nothing, ends with 1
 *   vanish       ends with 0 and does nothing
 * `--remove` takes the folder of `--install` and the entry away. Every call is written into `calls.txt` beside it.
 */
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

#define KEY L"Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\AnyDesk"
#define ADDRESS "912345678"

static wchar_t folder[MAX_PATH], self[MAX_PATH], word[32];
static int number;

static void beside(wchar_t *into, const wchar_t *name) { swprintf(into, MAX_PATH, L"%ls\\%ls", folder, name); }

static void print(const char *text) {
  DWORD done;
  WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, (DWORD)strlen(text), &done, NULL);
}

static void note(int argc, wchar_t **argv) {
  wchar_t file[MAX_PATH];
  beside(file, L"calls.txt");
  FILE *calls = _wfopen(file, L"ab");
  if (!calls) return;
  for (int i = 1; i < argc; i++) {
    char text[2 * MAX_PATH];
    WideCharToMultiByte(CP_UTF8, 0, argv[i], -1, text, sizeof text, NULL, NULL);
    fprintf(calls, "%s%s", i > 1 ? "|" : "", text);
  }
  fprintf(calls, "\n");
  fclose(calls);
}

static void behave(void) {
  wchar_t file[MAX_PATH];
  beside(file, L"behaviour.txt");
  FILE *told = _wfopen(file, L"r");
  wcscpy(word, L"ready");
  if (!told) return;
  fwscanf(told, L"%31ls %d", word, &number);
  fclose(told);
}

/* How often it has been asked before: it forgets nothing between calls, as a service would not. */
static int asked(void) {
  wchar_t file[MAX_PATH];
  int times = 0;
  beside(file, L"asked.txt");
  FILE *known = _wfopen(file, L"r");
  if (known) {
    if (fscanf(known, "%d", &times) != 1) times = 0;
    fclose(known);
  }
  known = _wfopen(file, L"w");
  if (known) {
    fprintf(known, "%d", times + 1);
    fclose(known);
  }
  return times;
}

static int enter(const wchar_t *target, int with_file) {
  wchar_t program[MAX_PATH];
  HKEY key;
  swprintf(program, MAX_PATH, L"%ls\\AnyDesk.exe", target);
  CreateDirectoryW(target, NULL);
  if (with_file) {
    wchar_t behaviour[MAX_PATH];
    if (!CopyFileW(self, program, FALSE)) return 2;
    swprintf(behaviour, MAX_PATH, L"%ls\\behaviour.txt", target);
    FILE *ready = _wfopen(behaviour, L"w");
    if (ready) {
      fprintf(ready, "slow 1");
      fclose(ready);
    }
  }
  if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, KEY, 0, NULL, 0, KEY_WRITE | KEY_WOW64_32KEY, NULL, &key, NULL) != ERROR_SUCCESS) return 5;
  RegSetValueExW(key, L"DisplayName", 0, REG_SZ, (const BYTE *)L"AnyDesk", sizeof L"AnyDesk");
  RegSetValueExW(key, L"InstallLocation", 0, REG_SZ, (const BYTE *)target, (DWORD)((wcslen(target) + 1) * sizeof(wchar_t)));
  RegCloseKey(key);
  return 0;
}

static int take_away(void) {
  wchar_t target[MAX_PATH], file[MAX_PATH];
  DWORD size = sizeof target;
  if (RegGetValueW(HKEY_LOCAL_MACHINE, KEY, L"InstallLocation", RRF_RT_REG_SZ | RRF_SUBKEY_WOW6432KEY, NULL, target, &size) == ERROR_SUCCESS) {
    swprintf(file, MAX_PATH, L"%ls\\AnyDesk.exe", target);
    DeleteFileW(file);
    RemoveDirectoryW(target);
  }
  RegDeleteKeyExW(HKEY_LOCAL_MACHINE, KEY, KEY_WOW64_32KEY, 0);
  return 0;
}

static int install(const wchar_t *target) {
  if (!wcscmp(word, L"refuse")) return 1223;
  if (!wcscmp(word, L"vanish")) return 0;
  if (!wcscmp(word, L"break")) return enter(target, 0) ? 2 : 1;
  return enter(target, 1);
}

static int tell(const wchar_t *what) {
  if (!wcscmp(word, L"hang")) Sleep(INFINITE);
  if (!wcscmp(word, L"silent")) return 0;
  if (!wcscmp(word, L"cp866")) {
    print("\x91\xab\xe3\xa6\xa1\xa0 \xa5\xe9\xa5 \xad\xa5 \xa7\xa0\xaf\xe3\xe9\xa5\xad\xa0\r\n");
    return 0;
  }
  if (!wcscmp(word, L"flood")) {
    for (int i = 0; i < 200000; i++) print("912345678912345678\r\n");
    return 0;
  }
  if (!wcscmp(what, L"--get-alias")) {
    print("kassa@ad\r\n");
    return 0;
  }
  if (!wcscmp(what, L"--get-status")) {
    print("online\r\n");
    return 0;
  }
  int before = asked();
  if (!wcscmp(word, L"slow") && before < number) return 0;
  if (!wcscmp(word, L"zero") && before < number) {
    print("0\r\n");
    return 0;
  }
  print(ADDRESS "\r\n");
  return 0;
}

int wmain(int argc, wchar_t **argv) {
  GetModuleFileNameW(NULL, self, MAX_PATH);
  wcscpy(folder, self);
  wchar_t *last = wcsrchr(folder, L'\\');
  if (last) *last = 0;
  note(argc, argv);
  behave();
  if (argc > 2 && !wcscmp(argv[1], L"--install")) return install(argv[2]);
  if (argc > 1 && !wcscmp(argv[1], L"--remove")) return take_away();
  if (argc > 1 && !wcsncmp(argv[1], L"--get-", 6)) return tell(argv[1]);
  /* Anything else is a connection: it lasts as long as its behaviour says, in seconds. */
  if (!wcscmp(word, L"session")) Sleep((DWORD)number * 1000);
  return 0;
}
