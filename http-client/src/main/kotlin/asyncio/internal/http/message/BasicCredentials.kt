package asyncio.internal.http.message

import java.util.Base64

/** The value of Authorization for these bytes of `user:password` (RFC 7617). */
internal fun basicCredentials(userAndPassword: ByteArray): String =
    "Basic " + Base64.getEncoder().encodeToString(userAndPassword)
