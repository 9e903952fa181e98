package asyncio.http;

/**
 * A {@link TraceConfig} whose methods are the bodies of coroutines: they may await, and the request waits for them.
 * Python: {@code aiohttp.TraceConfig}, whose signals are awaited.
 *
 * <pre>{@code
 * final class Audit implements AwaitedTraceConfig {
 *     @Override
 *     public void onRequestStart(Request request) {
 *         await(log.write(request.method() + " " + request.url()));
 *     }
 * }
 * }</pre>
 *
 * <p>The events of one request are told one after the other. {@code onRequestStart}, {@code onRequestRedirect},
 * {@code onRequestEnd} and {@code onRequestException} run in the task of the request, which goes on afterwards: a
 * cancellation of the request reaches them. The other ones run in a task of their own, with the context variables of
 * the request; a cancellation of the request, or its timeout, cancels that task. A request is sent when the events of
 * its connection have ended, the next portion of its body when those of the last one have, and the response is received
 * on, and given to its user, likewise. Only {@code onResponseEnd} and the look-up of a host hold nothing up themselves.
 *
 * <p>As with a {@link TraceConfig}, an exception goes to the loop's exception handler and the request goes on. The time
 * that the methods take counts for the total of the request. {@link #newContext} cannot await.
 */
public interface AwaitedTraceConfig extends TraceConfig {}
