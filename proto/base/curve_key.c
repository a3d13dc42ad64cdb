#include "base/curve_key.h"

#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define KEY_FILE_BYTES 512

int curve_key_generate(struct curve_key_pair *pair)
{
    char public_text[CURVE_KEY_TEXT_BYTES], secret_text[CURVE_KEY_TEXT_BYTES];
    if (zmq_curve_keypair(public_text, secret_text) != 0)
        return -errno;
    struct curve_key_pair made;
    int error = curve_key_parse(public_text, made.public_key) || curve_key_parse(secret_text, made.secret_key);
    explicit_bzero(secret_text, sizeof secret_text);
    if (!error)
        *pair = made;
    explicit_bzero(&made, sizeof made);
    return error ? -EINVAL : 0;
}

int curve_key_parse(const char *text, uint8_t key[CURVE_KEY_BYTES])
{
    uint8_t decoded[CURVE_KEY_BYTES];
    if (strlen(text) != CURVE_KEY_TEXT_BYTES - 1 || !zmq_z85_decode(decoded, text))
        return -EINVAL;
    memcpy(key, decoded, sizeof decoded);
    explicit_bzero(decoded, sizeof decoded);
    return 0;
}

const char *curve_key_format(const uint8_t key[CURVE_KEY_BYTES], char text[CURVE_KEY_TEXT_BYTES])
{
    return zmq_z85_encode(text, key, CURVE_KEY_BYTES);
}

/* The file holds the secret key alone on its last line: the public one follows from it, so the two can never disagree.
 */
int curve_key_save(const char *path, const struct curve_key_pair *pair)
{
    char secret_text[CURVE_KEY_TEXT_BYTES], content[KEY_FILE_BYTES];
    curve_key_format(pair->secret_key, secret_text);
    int len = snprintf(content, sizeof content,
                       "# natsweep CURVE secret key (Z85). Keep it secret; never copy it to another host.\n%s\n",
                       secret_text);
    int error = file_replace(path, 0600, content, (size_t)len);
    explicit_bzero(secret_text, sizeof secret_text);
    explicit_bzero(content, sizeof content);
    return error;
}

/* The first line that is not a comment. A comment is '#' and a space: '#' alone may begin a Z85 key. */
static char *first_line(char *content)
{
    char *line = content;
    while (line[0] == '#' && line[1] == ' ') {
        line = strchr(line, '\n');
        if (!line)
            return NULL;
        line++;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

int curve_key_load(const char *path, struct curve_key_pair *pair)
{
    char content[KEY_FILE_BYTES], public_text[CURVE_KEY_TEXT_BYTES];
    int error = file_read_secret(path, content, sizeof content, NULL);
    if (error)
        return error == -EFBIG ? -EINVAL : error;
    struct curve_key_pair loaded;
    const char *line = first_line(content);
    if (!line || curve_key_parse(line, loaded.secret_key) || zmq_curve_public(public_text, line) != 0 ||
        curve_key_parse(public_text, loaded.public_key))
        error = -EINVAL;
    else
        *pair = loaded;
    explicit_bzero(content, sizeof content);
    explicit_bzero(&loaded, sizeof loaded);
    return error;
}
