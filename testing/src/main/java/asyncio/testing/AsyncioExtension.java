package asyncio.testing;

import asyncio.EventLoop;
import asyncio.internal.testing.TestRun;
import java.lang.reflect.Method;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/**
 * Gives each test a loop, and runs the test and what belongs to it as coroutines on that loop. {@link AsyncioTest} and
 * {@link InLoop} bring it along, and say what there is to choose; with {@code @ExtendWith} it takes their defaults.
 */
public final class AsyncioExtension
        implements BeforeEachCallback, AfterEachCallback, InvocationInterceptor, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(AsyncioExtension.class);

    /** For JUnit. */
    public AsyncioExtension() {}

    /** JUnit only warns of a test method that returns something, and leaves it out: that must not go unnoticed. */
    private static void checkSignatures(Class<?> testClass) {
        for (Class<?> type = testClass; type != null; type = type.getSuperclass()) {
            for (var method : type.getDeclaredMethods()) {
                checkSignature(method);
            }
        }
    }

    private static void checkSignature(Method method) {
        if (method.isAnnotationPresent(AsyncioTest.class) && method.getReturnType() != void.class) {
            throw new ExtensionConfigurationException(
                    "@AsyncioTest " + method + " must return nothing, or JUnit leaves it"
                            + " out. Its body is a coroutine already: await in it, as in await(f()), what it would return");
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        checkSignatures(context.getRequiredTestClass());
        var options = Options.of(context);
        context.getStore(NAMESPACE).put(TestRun.class, new TestRun(options.time, options.timeLimit));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var failure = context.getExecutionException().orElse(null);
        var run = runOf(context);
        if (failure == null) {
            run.endAndCheck();
        } else {
            run.endAfter(failure instanceof TestAbortedException ? null : failure);
        }
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        runOf(context).call(invocation::proceed);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        runOf(context).call(invocation::proceed);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        runOf(context).call(invocation::proceed);
    }

    @Override
    public <T> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        return runOf(context).call(invocation::proceed);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context) {
        runOf(context).call(invocation::proceed);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        runOf(context).call(invocation::proceed);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type == EventLoop.class || type == TestLoop.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var run = context.getStore(NAMESPACE).get(TestRun.class, TestRun.class);
        var type = parameter.getParameter().getType();
        if (run == null) {
            throw new ParameterResolutionException("Each test has a loop of its own: "
                    + parameter.getDeclaringExecutable() + " is called outside all tests, and has none");
        }
        if (!type.isInstance(run.getLoop())) {
            throw new ParameterResolutionException("In real time there is no TestLoop: take an EventLoop instead");
        }
        return run.getLoop();
    }

    private static TestRun runOf(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(TestRun.class, TestRun.class);
    }

    private record Options(Time time, Duration timeLimit) {
        static Options of(ExtensionContext context) {
            var test = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), AsyncioTest.class);
            if (test.isPresent()) {
                return new Options(
                        test.get().time(), Duration.ofSeconds(test.get().timeLimit()));
            }
            var inLoop = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), InLoop.class)
                    .or(() -> AnnotationSupport.findAnnotation(
                            context.getRequiredTestClass(), InLoop.class, context.getEnclosingTestClasses()));
            return inLoop.map(it -> new Options(it.time(), Duration.ofSeconds(it.timeLimit())))
                    .orElseGet(() -> new Options(Time.VIRTUAL, TestRun.TIME_LIMIT));
        }
    }
}
