package asyncio.io;

/** Whether a server asks its clients for a certificate. Python: {@code ssl.SSLContext.verify_mode} of a server. */
public enum ClientAuth {
    /** No. Python: {@code CERT_NONE}. */
    NONE,
    /** A client may have one. Python: {@code CERT_OPTIONAL}. */
    WANTED,
    /** A client without one is refused. Python: {@code CERT_REQUIRED}. */
    REQUIRED
}
