package asyncio.http;

import java.util.HexFormat;

/**
 * The server showed another certificate than the one it was pinned to; nothing was sent to it. Python:
 * {@code aiohttp.ServerFingerprintMismatch}.
 */
public class ServerFingerprintMismatchException extends ServerConnectionException {
    private static final long serialVersionUID = 1L;

    /** The fingerprint that was asked for. */
    private final byte[] expected;
    /** The fingerprint of the certificate. */
    private final byte[] got;
    /** The host. */
    private final String host;
    /** The port. */
    private final int port;

    /**
     * With all there is to say.
     *
     * @param expected the fingerprint that was asked for
     * @param got the fingerprint of the certificate that was shown
     * @param host the host that was to be reached
     * @param port its port
     */
    public ServerFingerprintMismatchException(byte[] expected, byte[] got, String host, int port) {
        super("The certificate of " + host + ":" + port + " has the fingerprint "
                + HexFormat.of().formatHex(got) + " instead of "
                + HexFormat.of().formatHex(expected));
        this.expected = expected.clone();
        this.got = got.clone();
        this.host = host;
        this.port = port;
    }

    /** The fingerprint that was asked for: SHA-256, 32 bytes. */
    public byte[] expected() {
        return expected.clone();
    }

    /** The fingerprint of the certificate that was shown. */
    public byte[] got() {
        return got.clone();
    }

    /** The host that was to be reached. */
    public String host() {
        return host;
    }

    /** Its port. */
    public int port() {
        return port;
    }
}
