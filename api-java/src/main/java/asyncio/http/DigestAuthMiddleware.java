package asyncio.http;

import asyncio.spi.HttpProvider;
import java.net.URI;

/**
 * HTTP's {@code Digest} scheme (RFC 7616): proves to a server that one knows the password, without sending it. Python:
 * {@code aiohttp.DigestAuthMiddleware}.
 *
 * <p>When a server answers 401 with a challenge, the request is sent a second time, with the answer to it; later ones
 * have it from the start. A request whose body can be sent only once gets the 401. Algorithms: MD5, SHA, SHA-256,
 * SHA-512, SHA-512-256, each also as {@code -sess}; {@code qop}: {@code auth-int}, {@code auth}, none.
 *
 * <p>The credentials are for one origin: the one that was named, or that of the first request. Requests to others pass
 * through as they are, also after a redirect. One middleware may be used by several sessions.
 *
 * <p>Awaiting a request raises {@link ClientException} if the challenge asks for something that is not known here.
 */
public interface DigestAuthMiddleware extends ClientMiddleware {

    /**
     * With the default settings.
     *
     * @throws IllegalArgumentException if the login is empty, or has a colon or control characters in it
     */
    static DigestAuthMiddleware create(String login, String password) {
        return builder(login, password).build();
    }

    /**
     * Settings, all of them at their defaults.
     *
     * @throws IllegalArgumentException if the login is empty, or has a colon or control characters in it
     */
    static Builder builder(String login, String password) {
        return HttpProvider.get().middlewares().digestAuth(login, password);
    }

    /** The settings. Its methods change this object and return it. */
    interface Builder {

        /**
         * The origin that the credentials are for; that of the first request unless set.
         *
         * @param origin an http or https URL, of which scheme, host and port count
         * @throws IllegalArgumentException if it is none
         */
        Builder origin(URI origin);

        /**
         * Whether requests answer the last challenge before they are asked; true unless set. Python:
         * {@code preemptive}.
         */
        Builder preemptive(boolean preemptive);

        /** The middleware. */
        DigestAuthMiddleware build();
    }
}
