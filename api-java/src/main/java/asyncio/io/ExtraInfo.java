package asyncio.io;

import java.net.SocketAddress;
import java.security.cert.Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;

/**
 * Names something that a transport knows, with its type; see {@link BaseTransport#getExtraInfo(ExtraInfo)}. Python: the
 * names that {@code get_extra_info} takes.
 *
 * @param <T> what it is
 */
public final class ExtraInfo<T> {
    /** The address of the other side. Python: {@code 'peername'}. */
    public static final ExtraInfo<SocketAddress> PEERNAME = new ExtraInfo<>("peername", SocketAddress.class);

    /** The address of this side. Python: {@code 'sockname'}. */
    public static final ExtraInfo<SocketAddress> SOCKNAME = new ExtraInfo<>("sockname", SocketAddress.class);

    /** The context of TLS. Python: {@code 'sslcontext'}. */
    public static final ExtraInfo<SSLContext> SSLCONTEXT = new ExtraInfo<>("sslcontext", SSLContext.class);

    /** The session of TLS, with the names of protocol and cipher. Python: {@code 'ssl_object'}. */
    public static final ExtraInfo<SSLSession> SSL_OBJECT = new ExtraInfo<>("ssl_object", SSLSession.class);

    /** The certificate of the other side. Python: {@code 'peercert'}. */
    public static final ExtraInfo<Certificate> PEERCERT = new ExtraInfo<>("peercert", Certificate.class);

    /** The name of the cipher. Python: {@code 'cipher'}, which is a tuple there. */
    public static final ExtraInfo<String> CIPHER = new ExtraInfo<>("cipher", String.class);

    /** The protocol of the application that was agreed on (ALPN). Python: {@code selected_alpn_protocol()}. */
    public static final ExtraInfo<String> ALPN = new ExtraInfo<>("alpn", String.class);

    /** The name that the client has asked for (SNI), on the side of the server. */
    public static final ExtraInfo<String> SERVER_HOSTNAME = new ExtraInfo<>("server_hostname", String.class);

    /** The process of a transport of its pipes. Python: {@code 'subprocess'}. */
    public static final ExtraInfo<Process> SUBPROCESS = new ExtraInfo<>("subprocess", Process.class);

    private final String name;
    private final Class<T> type;

    private ExtraInfo(String name, Class<T> type) {
        this.name = name;
        this.type = type;
    }

    /** Its name in Python. */
    public String pythonName() {
        return name;
    }

    /** The type of its values. */
    public Class<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
