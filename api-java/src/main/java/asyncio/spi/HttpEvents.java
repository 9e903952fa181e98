package asyncio.spi;

import asyncio.http.ClientRequest;
import asyncio.http.ClientResponse;
import asyncio.http.EventSource;
import asyncio.http.EventStream;
import java.util.function.Supplier;

/** What stands behind {@link EventStream} and {@link EventSource}. */
public interface HttpEvents {

    /** {@link EventStream#of(ClientResponse, int)}. */
    EventStream stream(ClientResponse response, int maxEventSize);

    /** {@link EventSource#builder}. */
    EventSource.Builder source(Supplier<? extends ClientRequest> request);
}
