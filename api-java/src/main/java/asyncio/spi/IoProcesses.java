package asyncio.spi;

import asyncio.Coroutine;
import asyncio.io.BaseProtocol;
import asyncio.io.Command;
import asyncio.io.CompletedProcess;
import asyncio.io.Endpoint;
import asyncio.io.ReadTransport;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;
import asyncio.io.Subprocess;
import asyncio.io.SubprocessProtocol;
import asyncio.io.SubprocessTransport;
import asyncio.io.Transport;
import asyncio.io.WriteTransport;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind subprocesses, pipes and standard streams in {@link asyncio.io}: {@link Subprocess},
 * {@link asyncio.io.Pipes} and {@link asyncio.io.StandardStreams}. Each method is the implementation of the one of that
 * name there.
 */
public interface IoProcesses {

    /** {@link Subprocess#start}. */
    Coroutine<Subprocess> start(Command command);

    /** {@link Subprocess#run(Command, byte[])}; null for no input. */
    Coroutine<CompletedProcess> run(Command command, byte @Nullable [] input);

    /** {@link asyncio.io.Pipes#subprocess}. */
    <P extends SubprocessProtocol> Coroutine<Endpoint<SubprocessTransport, P>> subprocess(
            Supplier<P> protocolFactory, Command command);

    /**
     * {@link asyncio.io.Pipes#connectReadPipe(Supplier, InputStream)}.
     *
     * @param closesAtOnce whether closing the pipe ends a read of it
     */
    <P extends BaseProtocol<Transport>> Coroutine<Endpoint<ReadTransport, P>> connectReadPipe(
            Supplier<P> protocolFactory, InputStream pipe, boolean closesAtOnce);

    /**
     * {@link asyncio.io.Pipes#connectWritePipe(Supplier, OutputStream)}.
     *
     * @param closesAtOnce whether closing the pipe ends a write to it
     */
    <P extends BaseProtocol<Transport>> Coroutine<Endpoint<WriteTransport, P>> connectWritePipe(
            Supplier<P> protocolFactory, OutputStream pipe, boolean closesAtOnce);

    /** {@link asyncio.io.StandardStreams#stdin}. */
    StreamReader stdin();

    /** {@link asyncio.io.StandardStreams#stdout}. */
    StreamWriter stdout();

    /** {@link asyncio.io.StandardStreams#stderr}. */
    StreamWriter stderr();
}
