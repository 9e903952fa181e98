package asyncio.io;

/** Which addresses of a host to use. Python: {@code family}. */
public enum AddressFamily {
    /** All of them. Python: {@code AF_UNSPEC}. */
    ANY,
    /** IPv4. Python: {@code AF_INET}. */
    IPV4,
    /** IPv6. Python: {@code AF_INET6}. */
    IPV6
}
