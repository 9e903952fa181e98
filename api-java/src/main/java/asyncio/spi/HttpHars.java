package asyncio.spi;

import asyncio.Coroutine;
import asyncio.http.HarRecorder;
import asyncio.http.MockTransport;
import java.nio.file.Path;

/** What stands behind HAR files in {@link asyncio.http}. */
public interface HttpHars {

    /** {@link HarRecorder#builder}. */
    HarRecorder.Builder recorder();

    /** {@link MockTransport#ofHar}. */
    MockTransport transport(String har);

    /** {@link MockTransport#loadHar}. */
    Coroutine<MockTransport> load(Path har);
}
