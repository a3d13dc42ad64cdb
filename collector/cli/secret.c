#include "cli/secret.h"

#include "base/file.h"
#include "cli/complain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

int secret_read(const char *path, const char *what, char secret[SECRET_BYTES_MAX])
{
    int error = 0;
    if (strcmp(path, "-") != 0)
        error = file_read_secret_line(path, secret, SECRET_BYTES_MAX);
    else if (fgets(secret, SECRET_BYTES_MAX, stdin) == NULL)
        return complain(EX_NOINPUT, "standard input holds no %s", what);
    else
        secret[strcspn(secret, "\r\n")] = '\0';
    if (error == -EPERM)
        return complain(EX_NOPERM, "others may read the %s file '%s'; make it yours alone with chmod 600", what, path);
    if (error == -ENODATA || (error == 0 && secret[0] == '\0'))
        return complain(EX_DATAERR, "the %s is empty", what);
    return error ? complain(EX_NOINPUT, "cannot read the %s file '%s': %s", what, path, strerror(-error)) : 0;
}
