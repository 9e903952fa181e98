package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.copyContext;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.TaskOptions;
import java.util.List;

/** A context passed to create_task or call_soon is used itself: changes made there are visible in it afterwards. */
final class ExplicitContextIsUsedNotCopied extends Program {
    private final ContextVar<String> var = ContextVar.create("var", "default");

    Coroutine<String> child(String value) {
        return async(() -> {
            var seen = var.get();
            var.set(value);
            await(sleep(ZERO));
            return seen;
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var context = copyContext();
            context.run(() -> var.set("prepared"));
            say("child saw", await(createTask(child("by child"), TaskOptions.inContext(context))));
            say("context has", context.get(var), "- main has", var.get());
            getRunningLoop().callSoon(() -> var.set("by call_soon"), context);
            await(sleep(ZERO));
            say("context has", context.get(var), "- main has", var.get());
            var tasks = each(List.of(0, 1), n -> createTask(child("sibling " + n), TaskOptions.inContext(context)));
            say("siblings share it", await(gather(tasks)), context.get(var));
        });
    }

    @Override
    void program() {
        run(main());
    }
}
