package asyncio.http;

/** Code that answers requests; see {@link MockTransport.Route#respond(MockHandler)}. */
@FunctionalInterface
public interface MockHandler {

    /**
     * Answers a request. It may await.
     *
     * @throws Exception what the await of the request raises instead
     */
    MockResponse handle(MockCall call) throws Exception;
}
