package asyncio.http;

/**
 * Code around each sending of a request: it may change the request, answer it itself, look at the response, send again.
 * It runs for every hop of a redirect and for every retry, before a connection is looked for; the first one of a
 * session is the outermost. Its body is a coroutine's: it may await.
 *
 * <pre>{@code
 * ClientMiddleware token = (request, next) -> {
 *     if (request.url().startsWith("https://api.example.com/")) {
 *         request.headers().set("Authorization", "Bearer " + await(tokens.current()));
 *     }
 *     return await(next.handle(request));
 * };
 * }</pre>
 *
 * <p>A redirect to another origin drops the secrets of the session and of the request, but not what a middleware sets:
 * the middleware runs for that hop too. One that adds a secret has to compare {@link OutgoingRequest#url()} first.
 *
 * <p>A middleware that sends requests with the same session gives those {@link ClientRequest#middlewares() none}, or it
 * would call itself. Python: {@code ClientMiddlewareType}.
 */
@FunctionalInterface
public interface ClientMiddleware {

    /**
     * Handles one sending.
     *
     * @param request what is about to be sent
     * @param next sends it
     * @return the response for the code outside
     * @throws Exception what the code outside gets instead of a response
     */
    ClientResponse handle(OutgoingRequest request, ClientHandler next) throws Exception;
}
