package samples.lessons;

import asyncio.Action;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one of the small programs, or lists them. */
@Command(
        name = "lessons",
        description = "Runs one of the small programs that teach asyncio; without a name it lists them.",
        sortOptions = false)
public final class Lessons implements Callable<Integer> {
    /** A program and what it shows. */
    private record Lesson(String shows, Action program) {}

    private static final Map<String, Lesson> ALL = new LinkedHashMap<>();

    static {
        add("await", "an await runs a coroutine; without it nothing runs", Nested::main);
        add("task", "a task runs a coroutine beside its maker", NestedTask::main);
        add("say-after", "two coroutines, one after the other: three seconds", SayAfter::main);
        add("say-after-tasks", "the same two as tasks: two seconds", SayAfterTasks::main);
        add("one-by-one", "what blocks runs one by one; compare with 'samples/run count'", CountOneByOne::main);
        add("lazy-greet", "a loop of one's own runs one coroutine", LazyGreet::main);
        add("greetings", "results in the order in which they are ready", Greetings::main);
        add("spinner-thread", "an animation in a thread, while this one blocks", SpinnerThread::main);
        add("spinner", "an animation in a task, which is cancelled at the end", Spinner::main);
        add("random-numbers", "gather: three coroutines that try until they are lucky", RandomNumbers::main);
        add("chain", "coroutines that await each other, three chains at once", Chain::main);
        add("producers", "producers and consumers share a queue", Producers::main);
        add("every-second", "callbacks, coroutines, and a loop that is stopped", EverySecond::main);
        add("turns", "coroutines that are driven by hand, without a loop", Turns::main);
        add("kinds", "a coroutine that does nothing, one that returns, a generator", Kinds::main);
        add("documents", "async for: over a generator, and over an iterator", Documents::main);
        add("blocks", "what 'async with' and 'with' do, step by step", Blocks::main);
        add("crawler", "pages by a pool of threads, in the order in which they come", Crawler::main);
        add("pages", "pages three ways: with the HTTP client, in threads, one by one", Pages::main);
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "the program")
    private String name;

    private static void add(String name, String shows, Action program) {
        ALL.put(name, new Lesson(shows, program));
    }

    @Override
    public Integer call() throws Exception {
        if (name == null) {
            var out = spec.commandLine().getOut();
            ALL.forEach((name, lesson) -> out.printf("%-16s %s%n", name, lesson.shows));
            return 0;
        }
        var lesson = ALL.get(name);
        if (lesson == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no lesson '" + name + "'; there is " + String.join(", ", ALL.keySet()));
        }
        lesson.program.run();
        return 0;
    }
}
