package asyncio.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A proxy to connect through. Python: {@code proxy}, {@code proxy_auth} and {@code proxy_headers}.
 *
 * <pre>{@code
 * var proxy = Proxy.of("http://proxy.example:3128").withAuth("me", "secret");
 * }</pre>
 *
 * <table><caption>Schemes</caption>
 * <tr><th>scheme</th><th>what it is</th><th>default port</th></tr>
 * <tr><td>{@code http}</td><td>an HTTP proxy</td><td>80</td></tr>
 * <tr><td>{@code https}</td><td>an HTTP proxy that is spoken to in TLS</td><td>443</td></tr>
 * <tr><td>{@code socks4}, {@code socks5}</td><td>a SOCKS proxy; the host is resolved here</td><td>1080</td></tr>
 * <tr><td>{@code socks4a}, {@code socks5h}</td><td>a SOCKS proxy, which resolves the host itself</td><td>1080</td></tr>
 * </table>
 *
 * <p>To an HTTP proxy, requests for {@code http} URLs are sent in full; for {@code https}, and for WebSockets, it is
 * asked for a tunnel ({@code CONNECT}). It never gets to see the headers of a session, only {@link #withHeader its
 * own}.
 *
 * <p>Equal proxies share connections.
 */
public final class Proxy {

    /** What a proxy speaks. */
    public enum Scheme {
        /** HTTP. */
        HTTP(80),
        /** HTTP in TLS. */
        HTTPS(443),
        /** SOCKS 4, with the address of the host. */
        SOCKS4(1080),
        /** SOCKS 4a, with the name of the host. */
        SOCKS4A(1080),
        /** SOCKS 5, with the address of the host. */
        SOCKS5(1080),
        /** SOCKS 5, with the name of the host. */
        SOCKS5H(1080);

        private final int port;

        Scheme(int port) {
            this.port = port;
        }

        /** Whether it is an HTTP proxy. */
        public boolean isHttp() {
            return this == HTTP || this == HTTPS;
        }
    }

    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private final Scheme scheme;
    private final String host;
    private final int port;
    private final @Nullable String user;
    private final @Nullable String password;
    private final boolean digest;
    private final List<Map.Entry<String, String>> headers;
    private final @Nullable Tls tls;

    private Proxy(
            Scheme scheme,
            String host,
            int port,
            @Nullable String user,
            @Nullable String password,
            boolean digest,
            List<Map.Entry<String, String>> headers,
            @Nullable Tls tls) {
        this.scheme = scheme;
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
        this.digest = digest;
        this.headers = headers;
        this.tls = tls;
    }

    /**
     * The proxy at {@code url}, with the user and the password of the URL if there are any.
     *
     * @param url such as {@code http://proxy.example:3128} or {@code socks5h://me:secret@127.0.0.1}; it has no path
     * @throws IllegalArgumentException if it is no such URL, or if its scheme is none of those above
     */
    public static Proxy of(String url) {
        int schemeEnd = url.indexOf("://");
        if (schemeEnd < 0) {
            throw new IllegalArgumentException(
                    "The URL of a proxy begins with its scheme, as in http://proxy.example:3128");
        }
        var scheme = schemeOf(url.substring(0, schemeEnd));
        var rest = url.substring(schemeEnd + 3);
        int at = rest.lastIndexOf('@');
        var userInfo = at < 0 ? null : rest.substring(0, at);
        var authority = rest.substring(at + 1);
        if (authority.endsWith("/")) {
            authority = authority.substring(0, authority.length() - 1);
        }
        // What follows may be a password with a slash in it: it is not shown.
        if (authority.indexOf('/') >= 0 || authority.indexOf('?') >= 0 || authority.indexOf('#') >= 0) {
            throw new IllegalArgumentException("The URL of a proxy has no path, query or fragment; a user or password"
                    + " with such characters has to be percent-encoded");
        }
        int bracket = authority.indexOf(']');
        int colon = authority.indexOf(':', Math.max(bracket, 0));
        var host = hostOf(colon < 0 ? authority : authority.substring(0, colon));
        int port = colon < 0 || colon == authority.length() - 1 ? scheme.port : portOf(authority.substring(colon + 1));
        var proxy = new Proxy(scheme, host, port, null, null, false, List.of(), null);
        if (userInfo == null || userInfo.isEmpty()) {
            return proxy;
        }
        int split = userInfo.indexOf(':');
        return split < 0
                ? proxy.withAuth(decoded(userInfo), "")
                : proxy.withAuth(decoded(userInfo.substring(0, split)), decoded(userInfo.substring(split + 1)));
    }

    /**
     * The same with this user and password. To HTTP proxies they are sent as {@code Basic}, in UTF-8.
     *
     * @throws IllegalArgumentException if the proxy cannot be told: to an HTTP proxy a user with a colon in it, to
     *     SOCKS 5 a user or password of more than 255 bytes or an empty user, to SOCKS 4 a password or a user with a
     *     NUL in it
     */
    public Proxy withAuth(String user, String password) {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        if (scheme.isHttp()) {
            if (user.indexOf(':') >= 0) {
                throw new IllegalArgumentException("The user of an HTTP proxy must not have a colon in it");
            }
        } else if (scheme == Scheme.SOCKS5 || scheme == Scheme.SOCKS5H) {
            checkLength("user", user, 1);
            checkLength("password", password, 0);
        } else {
            if (!password.isEmpty()) {
                throw new IllegalArgumentException("SOCKS 4 knows no passwords, only a user: leave the password empty");
            }
            if (user.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("The user of a SOCKS 4 proxy must not have a NUL in it");
            }
        }
        return new Proxy(scheme, host, port, user, password, false, headers, tls);
    }

    /**
     * The same with this user and password for HTTP's {@code Digest} scheme (RFC 7616): the password itself is never
     * sent. Where the proxy answers 407 with a challenge, the request is sent a second time, with the answer to it, and
     * {@code CONNECT} over another connection; later ones have it from the start. A request whose body can be sent only
     * once gets the 407. The algorithms are those of {@link DigestAuthMiddleware}. aiohttp has no such thing.
     *
     * <p>Awaiting a request raises {@link ClientException} if the challenge asks for something that is not known here.
     *
     * @throws IllegalArgumentException for a SOCKS proxy, or if the user is empty, or has a colon or control characters
     *     in it
     */
    public Proxy withDigestAuth(String user, String password) {
        Objects.requireNonNull(user, "withDigestAuth: user is null");
        Objects.requireNonNull(password, "withDigestAuth: password is null");
        if (!scheme.isHttp()) {
            throw new IllegalArgumentException("Only an HTTP proxy knows Digest, this one is " + this);
        }
        if (user.isEmpty() || user.indexOf(':') >= 0 || user.chars().anyMatch(c -> c < 0x20 || c == 0x7F)) {
            throw new IllegalArgumentException(
                    "The user of an HTTP proxy is not empty, and has no colon and no control characters in it");
        }
        return new Proxy(scheme, host, port, user, password, true, headers, tls);
    }

    /**
     * The same with one more header for the proxy itself: it is sent with {@code CONNECT}, and with requests that go
     * through an HTTP proxy in full.
     *
     * @throws IllegalArgumentException if the name is not a token, or if the value has control characters in it, or for
     *     a SOCKS proxy
     */
    public Proxy withHeader(String name, String value) {
        if (!scheme.isHttp()) {
            throw new IllegalArgumentException("A SOCKS proxy takes no headers");
        }
        if (!isToken(name)) {
            throw new IllegalArgumentException("The name of a header has to be a token: letters, digits, " + MARKS);
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 && c != '\t' || c == 0x7F || c > 0xFF) {
                throw new IllegalArgumentException("The value of the header " + name
                        + " has a character in it that cannot be sent, at index " + i);
            }
        }
        var more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new Proxy(scheme, host, port, user, password, digest, List.copyOf(more), tls);
    }

    /**
     * The same, spoken to with these settings of TLS; {@link Tls#system()} unless set. Those of the connector and of
     * requests are for servers only.
     *
     * @throws IllegalArgumentException unless its scheme is {@code https}
     */
    public Proxy withTls(Tls tls) {
        if (scheme != Scheme.HTTPS) {
            throw new IllegalArgumentException("Only an https proxy is spoken to in TLS, this one is " + this);
        }
        return new Proxy(scheme, host, port, user, password, digest, headers, tls);
    }

    /** What it speaks. */
    public Scheme scheme() {
        return scheme;
    }

    /** Its host, in lower case; an IPv6 address without brackets. */
    public String host() {
        return host;
    }

    /** Its port. */
    public int port() {
        return port;
    }

    /** The user, or null. */
    public @Nullable String user() {
        return user;
    }

    /** The password; null where there is no user. */
    public @Nullable String password() {
        return password;
    }

    /** Whether user and password are for Digest, and not for Basic. */
    public boolean usesDigest() {
        return digest;
    }

    /** The headers for the proxy, in the order in which they were added. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** The settings of TLS; null for the default ones. */
    public @Nullable Tls tls() {
        return tls;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Proxy that
                && scheme == that.scheme
                && host.equals(that.host)
                && port == that.port
                && Objects.equals(user, that.user)
                && Objects.equals(password, that.password)
                && digest == that.digest
                && headers.equals(that.headers)
                && Objects.equals(tls, that.tls);
    }

    @Override
    public int hashCode() {
        return Objects.hash(scheme, host, port, user, password, digest, headers, tls);
    }

    /** Its URL, without user and password. */
    @Override
    public String toString() {
        var name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return scheme.name().toLowerCase(Locale.ROOT) + "://" + name + ":" + port;
    }

    private static Scheme schemeOf(String name) {
        for (var scheme : Scheme.values()) {
            if (scheme.name().equalsIgnoreCase(name)) {
                return scheme;
            }
        }
        throw new IllegalArgumentException(
                "The scheme of a proxy is http, https, socks4, socks4a, socks5 or socks5h; that of the URL is none of them");
    }

    private static String hostOf(String given) {
        boolean isIpv6 = given.startsWith("[") && given.endsWith("]");
        var host = (isIpv6 ? given.substring(1, given.length() - 1) : given).toLowerCase(Locale.ROOT);
        boolean fits = !host.isEmpty();
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            fits &= isIpv6
                    ? Character.digit(c, 16) >= 0 && c < 0x80 || c == ':' || c == '.'
                    : c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_';
        }
        if (!fits || isIpv6 && host.indexOf(':') < 0) {
            throw new IllegalArgumentException(
                    "The URL of a proxy has no host, or one that is neither a name in ASCII nor an IP address");
        }
        return host;
    }

    private static int portOf(String given) {
        int port =
                given.length() <= 5 && given.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(given) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("The URL of a proxy has a port that is not from 1 to 65535");
        }
        return port;
    }

    private static String decoded(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var result = new java.io.ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length && bytes[i] == '%' ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
            if (low >= 0) {
                result.write(high * 16 + low);
                i += 2;
            } else {
                result.write(bytes[i]);
            }
        }
        return result.toString(StandardCharsets.UTF_8);
    }

    private static void checkLength(String what, String text, int least) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length < least || length > 255) {
            throw new IllegalArgumentException(
                    "The " + what + " of a SOCKS 5 proxy has to have " + least + " to 255 bytes");
        }
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c -> c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || c >= '0' && c <= '9'
                                || MARKS.indexOf(c) >= 0);
    }
}
