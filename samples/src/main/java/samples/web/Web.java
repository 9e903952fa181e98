package samples.web;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;

import asyncio.vertx.AsyncioVertx;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves pages from verticles until it is interrupted. */
@Command(
        name = "web",
        description =
                "Serves /hello/NAME, /slow and /ticks from verticles whose handlers are coroutines, until Ctrl-C.",
        sortOptions = false)
public final class Web implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--port", defaultValue = "8080", description = "where to listen (default: 8080)")
    private int port;

    @Option(names = "--instances", defaultValue = "2", description = "how many event loops serve (default: 2)")
    private int instances;

    @Override
    public Integer call() {
        var vertx = Vertx.vertx();
        try {
            AsyncioVertx.run(vertx, () -> serve(vertx));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        return 0;
    }

    private void serve(Vertx vertx) {
        var options = new DeploymentOptions().setInstances(instances);
        var deployment = await(vertx.deployVerticle(() -> new Pages(port), options));
        try {
            spec.commandLine().getOut().println("http://127.0.0.1:" + port + "/hello/you; Ctrl-C ends it");
            await(getRunningLoop().createFuture());
        } finally {
            await(vertx.undeploy(deployment));
        }
    }
}
