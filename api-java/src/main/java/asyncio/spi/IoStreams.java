package asyncio.spi;

import asyncio.io.ClientConnectedCallback;
import asyncio.io.StreamReader;
import asyncio.io.StreamReaderProtocol;
import asyncio.io.StreamWriter;
import asyncio.io.WriteTransport;
import org.jspecify.annotations.Nullable;

/** What stands behind the readers and writers of {@link asyncio.io}, on whatever transport. */
public interface IoStreams {

    /** {@link StreamReader#create(int)}. */
    StreamReader reader(int limit);

    /** {@link StreamReaderProtocol#create(StreamReader, ClientConnectedCallback)}. */
    StreamReaderProtocol protocol(StreamReader reader, @Nullable ClientConnectedCallback clientConnected);

    /** {@link StreamWriter#create}. */
    StreamWriter writer(WriteTransport transport, StreamReaderProtocol protocol, @Nullable StreamReader reader);
}
