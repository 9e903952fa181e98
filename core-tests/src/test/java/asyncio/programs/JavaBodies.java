package asyncio.programs;

import static asyncio.Asyncio.aclosing;
import static asyncio.Asyncio.anext;
import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncContextManager;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.using;
import static asyncio.Asyncio.waitFor;
import static asyncio.Asyncio.with;
import static asyncio.programs.ProgramRun.nameOf;
import static asyncio.programs.ProgramRun.tasksOf;
import static asyncio.programs.ProgramRun.textOf;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.AsyncContextManager;
import asyncio.AsyncExitStack;
import asyncio.AsyncGenerator;
import asyncio.Asyncio;
import asyncio.Awaitable;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.GeneratorExit;
import asyncio.ReturnWhen;
import asyncio.TaskGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Random programs as Java bodies. {@link SuspendBodies} does the same, line by line. */
final class JavaBodies {
    private final ProgramRun run;
    private final Map<Integer, AsyncGenerator.Yielder<Integer>> yielders = new HashMap<>();

    JavaBodies(ProgramRun run) {
        this.run = run;
    }

    Coroutine<Integer> task(int label, List<Statement> body) {
        return async(() -> {
            run.started(label);
            return await(coroutine(label, body));
        });
    }

    Coroutine<Integer> coroutine(int label, List<Statement> body) {
        return async(() -> {
            try {
                block(label, body, null);
            } catch (Throwable e) {
                run.log(label, "end", nameOf(e));
                throw e;
            }
            run.log(label, "end", "");
            return label;
        });
    }

    AsyncGenerator<Integer> generator(int label, List<Statement> body) {
        return asyncGenerator(out -> generatorBody(label, body, out));
    }

    AsyncContextManager<Integer> generatorManager(int label, List<Statement> body) {
        return asyncContextManager(out -> generatorBody(label, body, out));
    }

    private void generatorBody(int label, List<Statement> body, AsyncGenerator.Yielder<Integer> out) throws Exception {
        yielders.put(label, out);
        try {
            block(label, body, null);
        } catch (Throwable e) {
            run.log(label, "end", nameOf(e));
            throw e;
        }
        run.log(label, "end", "");
    }

    private void block(int label, List<Statement> body, @Nullable TaskGroup group) throws Exception {
        for (var statement : body) {
            if (run.instant(label, statement, group)) {
                continue;
            }
            Object result;
            try {
                result = statement(label, statement, group);
            } catch (Throwable e) {
                run.log(label, statement.number(), statement.op() + " ! " + nameOf(e));
                throw e;
            }
            run.log(label, statement.number(), statement.op() + " " + result);
        }
    }

    private Object statement(int label, Statement it, @Nullable TaskGroup group) throws Exception {
        switch (it.op()) {
            case "s0" -> await(sleep(ZERO));
            case "sleep" -> await(sleep(ofSeconds(it.number(0))));
            case "throw" -> throw new ProgramRun.Thrown(it.number());
            case "join" -> {
                var task = run.tasks.get(it.number(0));
                return task == null ? "none" : await(task);
            }
            case "call" -> {
                return await(run.coroutine(it.number(0), it.block(1)));
            }
            case "lock" ->
                with(run.locks.get(it.number(0)), () -> {
                    run.log(label, it.number(), "in");
                    block(label, it.block(1), group);
                });
            case "sem" ->
                with(run.sems.get(it.number(0)), () -> {
                    run.log(label, it.number(), "in");
                    block(label, it.block(1), group);
                });
            case "cond" ->
                with(run.condition, () -> {
                    run.log(label, it.number(), "in");
                    block(label, it.block(0), group);
                });
            case "cwait" -> await(run.condition.waitNotified());
            case "ewait" -> await(run.events.get(it.number(0)).waitSet());
            case "put" -> await(run.queues.get(it.number(0)).put(it.number()));
            case "get" -> {
                return await(run.queues.get(it.number(0)).get());
            }
            case "qjoin" -> await(run.queues.get(it.number(0)).join());
            case "fwait" -> {
                return await(run.futures.get(it.number(0)));
            }
            case "barrier" -> {
                return await(run.barrier.waitAll());
            }
            case "gather" -> {
                var items = run.awaitables(it.block(1), false);
                return textOf(it.number(0) == 1 ? await(gatherOutcomes(items)) : await(gather(items)));
            }
            case "wait" -> {
                var tasks = tasksOf(run.awaitables(it.block(2), false));
                if (tasks.isEmpty()) {
                    return "nothing";
                }
                var delay = it.number(1) < 0 ? null : ofSeconds(it.number(1));
                var result = await(Asyncio.wait(tasks, delay, ReturnWhen.values()[it.number(0)]));
                return result.done().size() + " " + result.pending().size();
            }
            case "ascomp" -> {
                var tasks = tasksOf(run.awaitables(it.block(1), false));
                tasks.removeIf(task -> task.done());
                for (var earliest : asCompleted(tasks, it.number(0) < 0 ? null : ofSeconds(it.number(0)))) {
                    Object result;
                    try {
                        result = await(earliest);
                    } catch (ProgramRun.Thrown e) {
                        result = nameOf(e);
                    }
                    run.log(label, it.number(), "came " + result);
                }
            }
            case "waitfor" -> {
                for (var awaitable : run.awaitables(it.block(1), true)) {
                    return await(waitFor(awaitable, ofSeconds(it.number(0))));
                }
                return "nothing";
            }
            case "shield" -> {
                for (var awaitable : run.awaitables(it.block(0), false)) {
                    return await(shield(awaitable));
                }
                return "nothing";
            }
            case "timeout" -> {
                var timeout = timeout(ofSeconds(it.number(0)));
                with(timeout, () -> {
                    block(label, it.block(1), group);
                });
                return timeout.expired();
            }
            case "group" ->
                with(taskGroup(), inner -> {
                    block(label, it.block(0), inner);
                });
            case "tg" -> {
                var inner = taskGroup();
                if (it.number(1) == 1) {
                    inner.cancel();
                }
                return swallowed(using(inner, entered -> {
                    run.groups.put(it.number(0), entered);
                    block(label, it.block(2), entered);
                    return "done";
                }));
            }
            case "tm" -> {
                var timeout = timeout(it.number(1) < 0 ? null : ofSeconds(it.number(1)));
                with(timeout, entered -> {
                    run.timeouts.put(it.number(0), entered);
                    block(label, it.block(2), group);
                });
                return timeout.expired();
            }
            case "tlate" -> {
                var timeout = timeout(ofSeconds(it.number(0)));
                block(label, it.block(1), group);
                with(timeout, () -> {
                    block(label, it.block(2), group);
                });
                return timeout.expired();
            }
            case "again" -> {
                var manager = run.entered(it);
                if (manager == null) {
                    return "none";
                }
                with(manager, () -> {
                    block(label, it.block(2), group);
                });
            }
            case "exit" -> {
                return swallowed(using(run.manager(label, it, group), entered -> {
                    run.log(label, it.number(), "in " + entered);
                    block(label, it.block(3), group);
                    return "done";
                }));
            }
            case "manager" -> {
                return swallowed(using(run.generatorManager(it.number(0), it.block(1)), entered -> {
                    run.log(label, it.number(), "in " + entered);
                    block(label, it.block(2), group);
                    return "done";
                }));
            }
            case "stack" -> {
                return stack(label, it, group);
            }
            case "raise" -> {
                switch (it.number(0)) {
                    case 2 -> throw new GeneratorExit();
                    case 3 -> throw new CancelledError();
                    default -> throw (RuntimeException) ProgramRun.errorOf(it);
                }
            }
            case "yield" -> {
                return await(run.yielded(it));
            }
            case "hawait" -> {
                var coroutine = run.takeHand(it.number(0));
                return coroutine == null ? "none" : ProgramRun.givenText(await(coroutine));
            }
            case "gyield" -> {
                Integer answer = yielders.get(label).yield(it.number());
                return ProgramRun.givenText(answer);
            }
            case "gnext", "gsend", "gthrow", "gclose" -> {
                var generator = run.generators.get(it.number(0));
                if (generator == null) {
                    return "none";
                }
                Coroutine<?> next = switch (it.op()) {
                    case "gnext" -> generator.anext();
                    case "gsend" -> generator.asend(ProgramRun.valueOf(it.number(1)));
                    case "gthrow" -> generator.athrow(ProgramRun.errorOf(it));
                    default -> generator.aclose();
                };
                return ProgramRun.givenText(await(next));
            }
            case "gdefault" -> {
                var generator = run.generators.get(it.number(0));
                return generator == null ? "none" : await(anext(generator, -1));
            }
            case "gfor" -> {
                var generator = run.generators.get(it.number(0));
                if (generator == null) {
                    return "none";
                }
                int count = 0;
                for (int item : each(generator)) {
                    run.log(label, it.number(), "item " + item);
                    block(label, it.block(2), group);
                    if (++count == it.number(1)) {
                        break;
                    }
                }
                return count;
            }
            case "gwith" -> {
                var generator = run.generators.get(it.number(0));
                if (generator == null) {
                    return "none";
                }
                with(aclosing(generator), () -> {
                    block(label, it.block(1), group);
                });
            }
            case "try" -> tryBlock(label, it, group);
            default -> throw new IllegalArgumentException(it.toString());
        }
        return "";
    }

    private static Object swallowed(@Nullable Object result) {
        return result == null ? "swallowed" : result;
    }

    /** Awaits on both ways, and ends as the number says. */
    AsyncContextManager<Integer> manager(int label, Statement it, @Nullable TaskGroup group) {
        return new AsyncContextManager<>() {
            @Override
            public Awaitable<Integer> aenter() {
                return async(() -> {
                    block(label, it.block(1), group);
                    return it.number();
                });
            }

            @Override
            public Awaitable<Boolean> aexit(@Nullable Throwable error) {
                return async(() -> {
                    run.left(label, it, error);
                    block(label, it.block(2), group);
                    // Python's None.
                    return it.number(0) == 5 ? null : (Boolean) run.isSwallowed(it, error);
                });
            }
        };
    }

    private Object stack(int label, Statement it, @Nullable TaskGroup group) throws Exception {
        var popped = new ArrayList<AsyncExitStack>();
        var result = using(AsyncExitStack.create(), stack -> {
            for (var entry : it.block(1)) {
                switch (entry.op()) {
                    case "enter" -> {
                        int entered = await(stack.enterAsyncContext(run.manager(label, entry, group)));
                        run.log(label, entry.number(), "in " + entered);
                    }
                    case "entermanager" -> {
                        var manager = run.generatorManager(entry.number(0), entry.block(1));
                        int entered = await(stack.enterAsyncContext(manager));
                        run.log(label, entry.number(), "in " + entered);
                    }
                    case "push" -> stack.pushAsyncExit(run.manager(label, entry, group));
                    case "acall" ->
                        stack.pushAsyncCallback(() -> async(() -> {
                            run.left(label, entry, null);
                            block(label, entry.block(0), group);
                        }));
                    case "close" -> stack.enterContext(() -> run.leave(label, entry));
                    default -> stack.callback(() -> run.leave(label, entry));
                }
            }
            block(label, it.block(2), group);
            if (it.number(0) == 1) {
                popped.add(stack.popAll());
            } else if (it.number(0) == 2) {
                await(stack.aclose());
                run.log(label, it.number(), "closed");
            }
            return "done";
        });
        run.log(label, it.number(), "left " + swallowed(result));
        for (var stack : popped) {
            await(stack.aclose());
        }
        return "";
    }

    private void tryBlock(int label, Statement it, @Nullable TaskGroup group) throws Exception {
        switch (it.number(0)) {
            case 0 -> {
                try {
                    block(label, it.block(1), group);
                } catch (CancelledError e) {
                    run.log(label, it.number(), "caught " + nameOf(e));
                    block(label, it.block(2), group);
                }
            }
            case 1 -> {
                try {
                    block(label, it.block(1), group);
                } catch (CancelledError e) {
                    run.log(label, it.number(), "caught " + nameOf(e));
                    block(label, it.block(2), group);
                    throw e;
                }
            }
            case 2 -> {
                try {
                    block(label, it.block(1), group);
                } catch (Exception e) {
                    run.log(label, it.number(), "caught " + nameOf(e));
                    block(label, it.block(2), group);
                }
            }
            default -> {
                try {
                    block(label, it.block(1), group);
                } finally {
                    block(label, it.block(2), group);
                }
            }
        }
    }
}
