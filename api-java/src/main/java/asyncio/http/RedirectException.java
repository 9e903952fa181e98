package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * A server redirected to where nobody can go. What implements it is also an {@link InvalidUrlException} or a
 * {@link NonHttpUrlException}. Python: {@code aiohttp.RedirectClientError}.
 */
public interface RedirectException {

    /** What happened. */
    @Nullable
    String getMessage();
}
