package asyncio.http;

/** Decides whether a response is what was asked for; a coroutine's body, which may await. */
@FunctionalInterface
public interface ResponseCheck {

    /**
     * Looks at a response.
     *
     * @throws Exception what the request shall fail with; the response is released then
     */
    void check(ClientResponse response) throws Exception;
}
