package asyncio.http;

import java.net.URI;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Keeps nothing. */
final class DummyCookieJar implements CookieJar {
    static final CookieJar INSTANCE = new DummyCookieJar();

    private DummyCookieJar() {}

    @Override
    public void updateCookies(Iterable<Cookie> cookies, URI responseUrl) {}

    @Override
    public void updateCookiesFromHeaders(List<String> setCookieHeaders, URI responseUrl) {}

    @Override
    public void updateSharedCookies(Map<String, String> cookies) {}

    @Override
    public List<Cookie> filterCookies(URI requestUrl) {
        return List.of();
    }

    @Override
    public void clear(Predicate<? super Cookie> which) {}

    @Override
    public int size() {
        return 0;
    }

    @Override
    public Iterator<Cookie> iterator() {
        return Collections.emptyIterator();
    }

    @Override
    public String toString() {
        return "<CookieJar that keeps nothing>";
    }
}
