package benchmarks.http;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.newEventLoop;

import asyncio.EventLoop;
import asyncio.http.ClientSession;

/** The HTTP client of asyncio4j from Kotlin; the work itself is in {@link OursKotlinHttpWork}. */
public class OursKotlinHttp extends HttpWork {
    private EventLoop loop;
    private ClientSession session;
    private String url;

    @Override
    protected void open() {
        url = errand.url();
        loop = newEventLoop();
        session = loop.runUntilComplete(async(() -> OursJavaHttp.session(errand)));
    }

    @Override
    protected void close() {
        loop.runUntilComplete(async(() -> session.close()));
        loop.close();
    }

    @Override
    protected void run(int clients, int requestsOfEach) {
        loop.runUntilComplete(OursKotlinHttpWork.run(session, errand, url, clients, requestsOfEach));
    }
}
