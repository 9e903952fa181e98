package asyncio.spi;

import asyncio.http.ClientRequest;
import asyncio.http.ClientSession;
import asyncio.http.Cookie;
import asyncio.http.CookieJar;
import asyncio.http.Download;
import asyncio.http.MockTransport;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * What stands behind {@link asyncio.http}; found with {@link ServiceLoader} when a program first uses HTTP. Each method
 * is the implementation of the one that its Javadoc names.
 */
public interface HttpProvider {

    /**
     * The provider of this program.
     *
     * @throws IllegalStateException if there is none on the class path or module path
     */
    static HttpProvider get() {
        return Providers.Http.PROVIDER;
    }

    /** {@link ClientSession#builder()}. */
    ClientSession.Builder clientSession();

    /** {@link ClientSession#requestOnce}. */
    ClientRequest requestOnce(String method, String url);

    /** The factories of {@link asyncio.http.Payload} and its kin. */
    HttpBodies bodies();

    /** The factories of what makes connections. */
    HttpConnections connections();

    /** {@link CookieJar#builder()}. */
    CookieJar.Builder cookieJar();

    /** The factories of the middlewares in {@link asyncio.http}. */
    HttpMiddlewares middlewares();

    /** What stands behind the HTTP cache. */
    HttpCaches caches();

    /** {@link Cookie#parse}. */
    List<Cookie> parseSetCookies(List<String> headers);

    /** What stands behind server-sent events. */
    HttpEvents events();

    /** {@link Download#builder}. */
    Download.Builder download(Supplier<? extends ClientRequest> request);

    /** {@link MockTransport#create}. */
    MockTransport mockTransport();

    /** What stands behind HAR files. */
    HttpHars hars();
}
