package asyncio.http;

/** Which addresses a {@link Connector} connects to. Python: {@code AF_UNSPEC}, {@code AF_INET}, {@code AF_INET6}. */
public enum AddressFamily {
    /** IPv4 and IPv6. */
    ANY,
    /** IPv4 only. */
    IPV4,
    /** IPv6 only. */
    IPV6
}
