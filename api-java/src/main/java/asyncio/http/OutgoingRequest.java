package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * A request on its way out, as a {@link ClientMiddleware} sees it: with all its headers, just before a connection is
 * looked for. Each hop of a redirect is one of its own. Python: {@code aiohttp.ClientRequest}.
 */
public interface OutgoingRequest {

    /** The session that sends it. */
    ClientSession session();

    /** The method, such as {@code GET}. */
    String method();

    /** The URL, encoded as it is sent, without credentials and fragment. */
    String url();

    /**
     * All headers that will be sent, but those that tell where the body ends. Changes count for this request alone, and
     * are lost on a redirect. Python: {@code request.headers}.
     */
    MutableHttpHeaders headers();

    /**
     * How often the request was sent before: by a redirect, by a middleware that sends again, or because a kept
     * connection was dead. aiohttp has no such attribute.
     */
    default int resendCount() {
        return 0;
    }

    /** The body; null if there is none. Python: {@code request.body}. */
    @Nullable
    Payload body();

    /**
     * Sends this body instead; the one that it replaces is closed. {@code Content-Type} is set to what the new one
     * says, if it says something. Python: {@code await request.update_body(…)}.
     *
     * @param body null for none
     */
    void updateBody(@Nullable Payload body);
}
