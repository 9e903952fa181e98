package benchmarks.http;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.newEventLoop;

import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.http.ClientSession;
import asyncio.http.Connector;
import asyncio.http.Tls;
import java.util.ArrayList;

/** The HTTP client of asyncio4j from Java; -Dasyncio.fiber chooses the kind of fiber. */
public class OursJavaHttp extends HttpWork {
    private EventLoop loop;
    private ClientSession session;
    private String url;

    @Override
    protected void open() {
        url = errand.url();
        loop = newEventLoop();
        session = loop.runUntilComplete(async(() -> session(errand)));
    }

    @Override
    protected void close() {
        loop.runUntilComplete(async(session::close));
        loop.close();
    }

    static ClientSession session(Errand errand) {
        var connector = Connector.builder().limit(POOL).http2(errand.http2()).tls(Tls.insecure());
        return ClientSession.builder().connector(connector.build()).build();
    }

    @Override
    protected void run(int clients, int requestsOfEach) {
        loop.runUntilComplete(async(() -> {
            var coroutines = new ArrayList<Coroutine<Void>>(clients);
            for (int i = 0; i < clients; i++) {
                coroutines.add(client(requestsOfEach));
            }
            return await(gather(coroutines));
        }));
    }

    private Coroutine<Void> client(int requests) {
        return async(() -> {
            for (int i = 0; i < requests; i++) {
                go();
            }
        });
    }

    private void go() {
        var request = switch (errand) {
            case POST, UPLOAD -> session.post(url).body(errand.body);
            case POST_JSON -> session.post(url).json(Catalogue.EXAMPLE);
            default -> session.get(url);
        };
        try (var response = await(request)) {
            if (errand == Errand.GET_JSON) {
                await(response.json(Catalogue.class)).check();
            } else {
                errand.check(await(response.read()).length);
            }
        }
    }
}
