package asyncio.programs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Makes a program from a seed. No two of its timers have the same length, so that none are due at the same time: which
 * of them comes first CPython does not say. A task waits only for tasks with a higher number, so that none waits for
 * itself.
 */
final class RandomPrograms {
    private final SplittableRandom random;
    private final Set<Integer> delays = new HashSet<>();
    private int tasks = 1;
    private int size;

    /** What a program is mostly about. */
    private enum Theme {
        ALL,
        GROUPS,
        EXITS,
        THREADS,
        GENERATORS
    }

    private final Theme theme;

    private RandomPrograms(long seed) {
        random = new SplittableRandom(seed);
        theme = Theme.values()[random.nextInt(Theme.values().length)];
    }

    static List<Statement> program(long seed) {
        var program = new RandomPrograms(seed);
        // Through its text, which numbers the statements.
        return Statement.parse(Statement.textOf(program.whole()));
    }

    /** Whose statement it is, and what it stands in. */
    private record Place(int label, boolean inGroup, boolean inCondition, boolean inGenerator) {
        /** The body of another coroutine. */
        static Place bodyOf(int label) {
            return new Place(label, false, false, false);
        }

        Place insideGroup() {
            return new Place(label, true, inCondition, inGenerator);
        }

        Place insideCondition() {
            return new Place(label, inGroup, true, inGenerator);
        }

        /** A coroutine that is awaited here, and cannot yield for the generator. */
        Place inCoroutine() {
            return new Place(label, inGroup, inCondition, false);
        }
    }

    private List<Object> whole() {
        var block = new ArrayList<Object>();
        if (random.nextInt(theme == Theme.THREADS ? 4 : 20) == 0) {
            var calls = new ArrayList<Object>();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                calls.add(ofThreads(0, Place.bodyOf(0)));
            }
            calls.removeIf(it -> ((Statement) it).op().equals("s0"));
            block.add(op("before", calls));
        }
        block.addAll(block(0, Place.bodyOf(0), 12));
        return block;
    }

    private List<Object> block(int depth, Place place, int most) {
        var block = new ArrayList<Object>();
        int length = most / 3 + 1 + random.nextInt(most - most / 3);
        for (int i = 0; i < length && size < 80; i++) {
            block.add(statement(depth, place));
        }
        return block;
    }

    private Statement statement(int depth, Place place) {
        size++;
        if (place.inCondition && random.nextInt(2) == 0) {
            return random.nextInt(2) == 0 ? op("cwait") : op("notify", 1 + random.nextInt(2));
        }
        if (place.inGenerator && random.nextInt(3) == 0) {
            return op("gyield");
        }
        if (place.inGroup && random.nextInt(2) == 0 && depth < 4) {
            int child = tasks++;
            return op("gspawn", child, block(depth + 1, Place.bodyOf(child), 4));
        }
        if (random.nextInt(theme == Theme.ALL ? 6 : 2) == 0) {
            switch (theme == Theme.ALL ? Theme.values()[1 + random.nextInt(Theme.values().length - 1)] : theme) {
                case GROUPS -> {
                    return ofGroups(depth, place);
                }
                case GENERATORS -> {
                    return ofGenerators(depth, place);
                }
                case THREADS -> {
                    return ofThreads(depth, place);
                }
                default -> {
                    return ofExits(depth, place);
                }
            }
        }
        if (depth < 4 && random.nextInt(100) < 45) {
            return nesting(depth, place);
        }
        return flat(place);
    }

    /** Groups, and timeouts around and inside of them, that end in all ways. */
    private Statement ofGroups(int depth, Place place) {
        if (depth < 5) {
            switch (random.nextInt(11)) {
                case 10 -> {
                    return random.nextInt(2) == 0
                            ? op("tlate", delayOrZero(), block(depth + 1, place, 2), block(depth + 1, place, 3))
                            : op("again", pick(), index(), block(depth + 1, place, 2));
                }
                case 0, 1 -> {
                    return op("tg", index(), random.nextInt(8) == 0 ? 1 : 0, block(depth + 1, place.insideGroup(), 5));
                }
                case 2 -> {
                    return op("tm", index(), random.nextInt(4) == 0 ? -1 : delayOrZero(), block(depth + 1, place, 4));
                }
                case 3, 4 -> {
                    int child = tasks++;
                    return op("gadd", index(), pick(), child, cleaner(depth + 1, Place.bodyOf(child)));
                }
                case 5 -> {
                    if (place.inGroup) {
                        int child = tasks++;
                        return op("gspawn", child, cleaner(depth + 1, Place.bodyOf(child)));
                    }
                }
                default -> {}
            }
        }
        return switch (random.nextInt(10)) {
            case 0, 1 -> op("gcancel", index());
            case 2, 3 -> op("resched", index(), random.nextInt(4) == 0 ? -1 : delayOrZero());
            case 4 -> op("expired", index());
            case 5, 6 -> op("throw");
            case 7 -> op("cancel", random.nextInt(8));
            case 8 -> op("sleep", delay());
            default -> op("s0");
        };
    }

    /** Waits, and again when that is over, however it ends. */
    private List<Object> cleaner(int depth, Place place) {
        var block = new ArrayList<Object>();
        block.add(op(
                "try",
                random.nextInt(3) == 0 ? random.nextInt(4) : 3,
                random.nextInt(2) == 0
                        ? List.of(random.nextInt(3) == 0 ? op("s0") : op("sleep", delay()))
                        : block(depth + 1, place, 3),
                random.nextInt(2) == 0
                        ? List.of(random.nextInt(2) == 0 ? op("s0") : op("sleep", delay()))
                        : block(depth + 1, place, 3)));
        if (random.nextInt(3) == 0) {
            block.add(op("throw"));
        }
        return block;
    }

    private Statement ofExits(int depth, Place place) {
        if (depth < 5) {
            switch (random.nextInt(9)) {
                case 8 -> {
                    int child = tasks++;
                    return op("manager", child, managing(depth + 1, child), block(depth + 1, place, 4));
                }
                case 0, 1 -> {
                    return op(
                            "exit",
                            random.nextInt(7),
                            random.nextInt(3) == 0 ? block(depth + 1, place.inCoroutine(), 2) : List.of(),
                            block(depth + 1, place.inCoroutine(), 2),
                            block(depth + 1, place, 4));
                }
                case 2, 3 -> {
                    var entries = new ArrayList<Object>();
                    int length = 1 + random.nextInt(4);
                    for (int i = 0; i < length; i++) {
                        entries.add(entry(depth, place.inCoroutine()));
                    }
                    return op(
                            "stack",
                            random.nextInt(2) == 0 ? 0 : random.nextInt(3),
                            entries,
                            block(depth + 1, place, 3));
                }
                case 4 -> {
                    return op("try", random.nextInt(4), block(depth + 1, place, 4), block(depth + 1, place, 2));
                }
                default -> {}
            }
        }
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> op("throw");
            case 3, 4 -> op("cancel", place.label);
            case 5 -> op("sleep", delay());
            default -> op("s0");
        };
    }

    private Statement entry(int depth, Place place) {
        return switch (random.nextInt(8)) {
            case 7 -> {
                int child = tasks++;
                yield op("entermanager", child, managing(depth + 1, child));
            }
            case 0, 1, 2 ->
                op(
                        "enter",
                        random.nextInt(7),
                        random.nextInt(4) == 0 ? block(depth + 1, place, 2) : List.of(),
                        random.nextInt(2) == 0 ? block(depth + 1, place, 2) : List.of());
            case 3, 4 ->
                op(
                        "push",
                        random.nextInt(7),
                        List.of(),
                        random.nextInt(2) == 0 ? block(depth + 1, place, 2) : List.of());
            case 5 -> op("acall", block(depth + 1, place, 2));
            default -> op(random.nextInt(2) == 0 ? "close" : "callback", pick());
        };
    }

    /** Other threads that call the loop while it waits for them, and calls in their order. */
    private Statement ofThreads(int depth, Place place) {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> {
                var calls = new ArrayList<Object>();
                int length = 1 + random.nextInt(4);
                for (int i = 0; i < length; i++) {
                    calls.add(callFromAnywhere(depth + 1));
                }
                return op(random.nextInt(4) == 0 ? "soonthread" : "thread", calls);
            }
            case 4 -> {
                return callFromAnywhere(depth + 1);
            }
            case 5, 6 -> {
                return op("soon");
            }
            case 7 -> {
                return switch (random.nextInt(4)) {
                    case 0 -> op("hlater", index(), delayOrZero());
                    case 1 -> op("tmcancel", index());
                    default -> op("handle", index());
                };
            }
            case 8 -> {
                return op("later", delayOrZero());
            }
            default -> {
                return op("s0");
            }
        }
    }

    private Statement callFromAnywhere(int depth) {
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                return op("thandle", index());
            }
            case 2 -> {
                return op("hcancel", index());
            }
            case 3 -> {
                return op("tcancel", random.nextInt(8));
            }
            case 4, 5 -> {
                int child = tasks++;
                return op("give", index(), child, block(depth + 1, Place.bodyOf(child), 3));
            }
            case 6 -> {
                return op("givencancel", index());
            }
            default -> {
                return op("tsoon");
            }
        }
    }

    /** Coroutines that are driven by hand, and generators, by one and by several tasks. */
    private Statement ofGenerators(int depth, Place place) {
        if (depth < 5) {
            int child = tasks;
            switch (random.nextInt(12)) {
                case 0, 1 -> {
                    tasks++;
                    return op("hmake", index(), child, yielding(depth + 1, Place.bodyOf(child)));
                }
                case 2, 3 -> {
                    tasks++;
                    return op("gmake", index(), child, yielding(depth + 1, new Place(child, false, false, true)));
                }
                case 4 -> {
                    return op("gfor", index(), random.nextInt(4), block(depth + 1, place, 2));
                }
                case 5 -> {
                    return op("gwith", index(), block(depth + 1, place, 4));
                }
                case 6 -> {
                    tasks++;
                    return op("spawn", child, block(depth + 1, Place.bodyOf(child), 4));
                }
                default -> {}
            }
        }
        switch (random.nextInt(15)) {
            case 0, 1, 2 -> {
                return op("hsend", index(), valueOrNone());
            }
            case 3 -> {
                return op("hthrow", index(), random.nextInt(6));
            }
            case 4 -> {
                return op("hclose", index());
            }
            case 5 -> {
                return random.nextInt(3) == 0 ? op("htask", index(), tasks++) : op("hawait", index());
            }
            case 6 -> {
                // No StopIteration is thrown: a step that ends with one seems to have returned.
                int error = random.nextInt(5);
                return op("hgen", index(), index(), random.nextInt(4), error == 1 ? 5 : error);
            }
            case 7, 8, 9 -> {
                return op(random.nextInt(6) == 0 ? "gdefault" : "gnext", index());
            }
            case 10 -> {
                return op("gsend", index(), valueOrNone());
            }
            case 11 -> {
                return op("gthrow", index(), random.nextInt(6));
            }
            case 12 -> {
                return op("gclose", index());
            }
            case 13 -> {
                return op("raise", random.nextInt(6));
            }
            default -> {
                return op("yield", random.nextInt(2) == 0 ? -1 : random.nextInt(10));
            }
        }
    }

    private int valueOrNone() {
        return random.nextInt(3) == 0 ? random.nextInt(10) : -1;
    }

    /** A body that yields, also while it ends. */
    private List<Object> yielding(int depth, Place place) {
        var block = new ArrayList<Object>();
        if (random.nextInt(2) == 0) {
            block.add(op(
                    "try",
                    random.nextInt(2) == 0 ? random.nextInt(4) : 3,
                    yields(depth + 1, place),
                    random.nextInt(2) == 0 ? yields(depth + 1, place) : List.of(op("s0"))));
        }
        block.addAll(yields(depth, place));
        return block;
    }

    private List<Object> yields(int depth, Place place) {
        var block = new ArrayList<Object>();
        int length = 1 + random.nextInt(3);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> block.add(place.inGenerator ? op("gyield") : op("yield", valueOrNone()));
                case 2 -> block.add(op("s0"));
                case 3 -> block.add(op("sleep", delay()));
                default -> block.add(statement(depth, place));
            }
        }
        return block;
    }

    /** The body of a manager: most yield once. */
    private List<Object> managing(int depth, int label) {
        var place = new Place(label, false, false, true);
        if (random.nextInt(5) == 0) {
            return yielding(depth, place);
        }
        var block = new ArrayList<Object>();
        if (random.nextInt(3) == 0) {
            block.addAll(block(depth + 1, place.inCoroutine(), 2));
        }
        block.add(
                random.nextInt(3) == 0
                        ? op("gyield")
                        : op(
                                "try",
                                random.nextInt(4),
                                List.of(op("gyield")),
                                random.nextInt(2) == 0 ? List.of(op("s0")) : block(depth + 1, place.inCoroutine(), 2)));
        if (random.nextInt(3) == 0) {
            block.addAll(block(depth + 1, place.inCoroutine(), 2));
        }
        return block;
    }

    private int index() {
        return random.nextInt(3);
    }

    private Statement nesting(int depth, Place place) {
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> {
                int child = tasks++;
                return op("spawn", child, block(depth + 1, Place.bodyOf(child), 5));
            }
            case 3 -> {
                return op("lock", pick(), block(depth + 1, place, 3));
            }
            case 4 -> {
                return op("sem", pick(), block(depth + 1, place, 3));
            }
            case 5 -> {
                return op("cond", block(depth + 1, place.insideCondition(), 3));
            }
            case 6 -> {
                return op("gather", pick(), items(depth, place, 3, false));
            }
            case 7 -> {
                return op(
                        "wait",
                        random.nextInt(3),
                        random.nextInt(2) == 0 ? -1 : delay(),
                        items(depth, place, 3, false));
            }
            case 8 -> {
                return op("waitfor", delayOrZero(), items(depth, place, 1, true));
            }
            case 9 -> {
                return op("shield", items(depth, place, 1, false));
            }
            case 10 -> {
                return op("timeout", delayOrZero(), block(depth + 1, place, 4));
            }
            case 11 -> {
                return op("group", block(depth + 1, place.insideGroup(), 5));
            }
            case 12 -> {
                return op("try", random.nextInt(4), block(depth + 1, place, 4), block(depth + 1, place, 2));
            }
            case 13 -> {
                int child = tasks++;
                return op("espawn", child, block(depth + 1, Place.bodyOf(child), 4));
            }
            case 14 -> {
                return op("ascomp", random.nextInt(2) == 0 ? -1 : delay(), items(depth, place, 3, false));
            }
            default -> {
                int child = tasks++;
                return op("call", child, block(depth + 1, Place.bodyOf(place.label), 3));
            }
        }
    }

    private Statement flat(Place place) {
        return switch (random.nextInt(36)) {
            case 0, 1, 2, 3, 4 -> op("s0");
            case 5, 6, 7 -> op("sleep", delay());
            case 8, 9 -> op("join", other(place));
            case 10, 11, 12 -> op("cancel", random.nextInt(8));
            case 13 -> op("uncancel");
            case 14 -> op("cancelling");
            case 15 -> op("soon");
            case 16 -> op("later", delay());
            case 17 -> op("ewait", pick());
            case 18 -> op("set", pick());
            case 19 -> op("clear", pick());
            case 20 -> op("put", pick());
            case 21 -> op("get", pick());
            case 22 -> op("putn", pick());
            case 23 -> op("getn", pick());
            case 24 -> op("done", pick());
            case 25 -> op("qjoin", pick());
            case 26 -> random.nextInt(3) == 0 ? op("qshut", pick(), pick()) : op("s0");
            case 27 -> op("fwait", pick());
            case 28 -> op("fset", pick());
            case 29 -> random.nextInt(2) == 0 ? op("fexc", pick()) : op("fcancel", pick());
            case 30 -> op("barrier");
            case 31 -> op("tsoon");
            case 32 -> op("fcb", pick());
            case 33 -> op("tcb", random.nextInt(8));
            default -> random.nextInt(2) == 0 ? op("throw") : op("s0");
        };
    }

    private List<Object> items(int depth, Place place, int most, boolean inline) {
        var items = new ArrayList<Object>();
        int length = 1 + random.nextInt(most);
        for (int i = 0; i < length; i++) {
            if (random.nextInt(3) == 0) {
                items.add(op("old", other(place)));
            } else {
                int child = tasks++;
                var op = random.nextInt(2) == 0 ? "new" : "made";
                // A coroutine that waitfor is given runs in the task that waits.
                int label = inline && op.equals("new") ? place.label : child;
                items.add(op(op, child, block(depth + 1, Place.bodyOf(label), 3)));
            }
        }
        return items;
    }

    private int other(Place place) {
        return place.label + 1 + random.nextInt(5);
    }

    private int pick() {
        return random.nextInt(2);
    }

    private int delayOrZero() {
        return random.nextInt(10) == 0 ? 0 : delay();
    }

    private int delay() {
        while (true) {
            // Most are short, so that many are due while others wait.
            int delay = 1 + random.nextInt(random.nextInt(4) == 0 ? 1_000_000 : 10_000);
            if (delays.add(delay)) {
                return delay;
            }
        }
    }

    private static Statement op(String op, Object... args) {
        return new Statement(0, op, List.of(args));
    }
}
