package samples.kv;

import static asyncio.Asyncio.*;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import samples.ProgressLine;

/** Starts a key-value server, clients that put it under load, or both. */
@Command(
        name = "kv",
        description = {
            "Runs a key-value server and clients that check its answers.",
            "With --serve only the server, until Ctrl-C; with --connect only the clients of one that runs."
        },
        sortOptions = false)
public final class KeyValue implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--serve", description = "run the server only, until Ctrl-C")
    private boolean serves;

    @Option(names = "--connect", paramLabel = "PORT", description = "run the clients only, of the server on this port")
    private int connect;

    @Option(names = "--port", defaultValue = "0", description = "where the server listens (default: a free port)")
    private int port;

    @Option(names = "--clients", defaultValue = "1000", description = "connections at once (default: 1000)")
    private int clients;

    @Option(names = "--commands", defaultValue = "100", description = "commands of each client (default: 100)")
    private int commands;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        if (serves) {
            run(() -> serve(out));
            return 0;
        }
        return run(() -> connect != 0 ? load(connect, out) : serveAndLoad(out));
    }

    private void serve(PrintWriter out) {
        var server = new KeyValueServer();
        with(await(server.start(port)), listening -> {
            out.println("listening on port " + listening.port() + "; Ctrl-C ends it");
            out.flush();
            try {
                await(listening.serveForever());
            } finally {
                listening.abortClients();
                out.printf("%,d commands, %,d connections at once%n", server.served(), server.most());
            }
        });
    }

    private int serveAndLoad(PrintWriter out) {
        var server = new KeyValueServer();
        var listening = await(server.start(port));
        var result = load(listening.port(), out);
        listening.close();
        await(listening.waitClosed());
        out.printf("the server has answered %,d commands on %,d connections at once%n", server.served(), server.most());
        return server.open() == 0 ? result : 1;
    }

    private int load(int port, PrintWriter out) {
        try (var progress =
                ProgressLine.show("clients", clients, spec.commandLine().getErr())) {
            var load = new Load(port, clients, commands, progress);
            var began = System.nanoTime();
            await(load.connect());
            var connected = System.nanoTime();
            await(load.run());
            var ended = System.nanoTime();
            out.printf(
                    "%,d clients connected in %.1f s; %,d answers in %.1f s, %,d per second%n",
                    clients, (connected - began) / 1e9, load.checked(), (ended - connected) / 1e9, (long)
                            (load.checked() / ((ended - connected) / 1e9)));
            out.printf(
                    "%,d clients killed on their way, %,d that read late, %,d wrong answers%n",
                    load.killed(), load.slow(), load.wrong());
            return load.wrong() == 0 ? 0 : 1;
        }
    }
}
