#include "sweep/credentials.h"

#include "stun/auth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct nonce {
    uint16_t len; /* 0: not challenged */
    uint8_t *bytes;
};

struct credentials {
    const char *user, *password;
    struct stun_key key;
    struct stun_challenge challenge; /* the realm of the server; the nonce is filled in for each request */
    uint32_t identities;
    struct nonce nonces[];
};

struct credentials *credentials_create(const char *user, const char *password, uint32_t identities)
{
    struct credentials *credentials = calloc(1, sizeof(*credentials) + identities * sizeof(struct nonce));
    if (credentials == NULL)
        return NULL;
    credentials->user = user;
    credentials->password = password;
    credentials->identities = identities;
    return credentials;
}

void credentials_destroy(struct credentials *credentials)
{
    if (credentials == NULL)
        return;
    for (uint32_t i = 0; i < credentials->identities; i++)
        free(credentials->nonces[i].bytes);
    free(credentials);
}

bool credentials_given(const struct credentials *credentials)
{
    return credentials->user[0] != '\0';
}

int credentials_challenged(struct credentials *credentials, uint32_t identity, const struct stun_message *error)
{
    struct stun_challenge challenge;
    if (stun_challenge_read(error, &challenge) != 0)
        return -EBADMSG;
    struct nonce *nonce = &credentials->nonces[identity];
    uint8_t *bytes = realloc(nonce->bytes, challenge.nonce_len);
    if (bytes == NULL)
        return -ENOMEM;
    memcpy(bytes, challenge.nonce, challenge.nonce_len);
    *nonce = (struct nonce){challenge.nonce_len, bytes};
    credentials->challenge = challenge;
    credentials->key = stun_key_long_term(credentials->user, &challenge, credentials->password);
    return 0;
}

bool credentials_known(const struct credentials *credentials, uint32_t identity)
{
    return credentials->nonces[identity].len > 0;
}

void credentials_forget(struct credentials *credentials, uint32_t identity)
{
    credentials->nonces[identity].len = 0;
}

void credentials_sign(struct credentials *credentials, uint32_t identity, struct stun_writer *writer)
{
    const struct nonce *nonce = &credentials->nonces[identity];
    if (nonce->len == 0)
        return;
    memcpy(credentials->challenge.nonce, nonce->bytes, nonce->len);
    credentials->challenge.nonce_len = nonce->len;
    stun_write_credentials(writer, credentials->user, &credentials->challenge, &credentials->key);
}

int credentials_verify(const struct credentials *credentials, const struct stun_message *response)
{
    return stun_check_integrity(response, credentials->key.bytes, credentials->key.len);
}
