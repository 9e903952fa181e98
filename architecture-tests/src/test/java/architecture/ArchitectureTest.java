package architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which module may know which, and what may stand in a public signature. */
@Tag("once")
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> INTERNAL = resideInAPackage("asyncio.internal..");

    private static final List<DescribedPredicate<JavaClass>> MODULES =
            List.of(Jars.API, Jars.KOTLIN, Jars.VERTX, Jars.HTTP, Jars.OPENTELEMETRY, Jars.MICROMETER, Jars.TESTING);

    private final KotlinInternals kotlin = new KotlinInternals();

    @Test
    void everyModuleIsUnderTest() {
        for (var module : MODULES) {
            assertTrue(Jars.ALL.stream().anyMatch(module), "No class " + module.getDescription());
        }
        for (var type : Jars.ALL) {
            assertTrue(
                    MODULES.stream().anyMatch(module -> module.test(type)),
                    () -> type + " comes from " + Jars.of(type));
        }
    }

    @Test
    void aCoroutineThatNobodyAwaitsIsFoundByCheckers() {
        methods()
                .that()
                .areDeclaredInClassesThat(Jars.API)
                .and()
                .haveRawReturnType("asyncio.Coroutine")
                .and()
                .areDeclaredInClassesThat()
                .resideInAnyPackage("asyncio", "asyncio.file", "asyncio.http", "asyncio.io")
                .and()
                .arePublic()
                // It tells of one that runs already.
                .and()
                .doNotHaveName("getCoro")
                .should()
                .beAnnotatedWith("asyncio.CheckReturnValue")
                .check(Jars.ALL);
    }

    @Test
    void apiNeedsNothingButJavaAndJSpecify() {
        classes()
                .that(Jars.API)
                .should()
                .onlyDependOnClassesThat(Jars.API
                        .or(resideInAnyPackage("java..", "javax.net..", "org.jspecify.."))
                        .or(describe(
                                "primitive", type -> type.getBaseComponentType().isPrimitive()))
                        .or(describe(
                                "arrays of these",
                                type -> type.isArray()
                                        && Jars.API
                                                .or(resideInAPackage("java.."))
                                                .test(type.getBaseComponentType()))))
                .check(Jars.ALL);
        noClasses()
                .that()
                .resideInAnyPackage("asyncio", "asyncio.http", "asyncio.spi")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kotlin..", "kotlinx..", "io.vertx..", "io.netty..", "asyncio.internal..")
                .check(Jars.ALL);
    }

    @Test
    void machineKnowsNothingOfVertx() {
        noClasses()
                .that(Jars.KOTLIN)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .orShould()
                .dependOnClassesThat(Jars.VERTX.or(Jars.HTTP))
                .check(Jars.ALL);
    }

    @Test
    void bridgeKnowsNothingOfHttp() {
        noClasses().that(Jars.VERTX).should().dependOnClassesThat(Jars.HTTP).check(Jars.ALL);
        noClasses()
                .that(Jars.VERTX)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.handler.codec.http..", "io.netty.handler.codec.http2..")
                .check(Jars.ALL);
        // Routes of vertx-web alone know what a server-sent event is, and vertx-web itself, which need not be there.
        noClasses()
                .that(Jars.VERTX)
                .and()
                .resideOutsideOfPackage("..vertx.web..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("asyncio.http..", "io.vertx.ext..", "asyncio..vertx.web..")
                .check(Jars.ALL);
    }

    /** A program that has neither of the two libraries does not need them. */
    @Test
    void onlyTheirOwnModulesKnowOpenTelemetryAndMicrometer() {
        noClasses()
                .that(Jars.API.or(Jars.KOTLIN).or(Jars.VERTX).or(Jars.HTTP).or(Jars.TESTING))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.opentelemetry..", "io.micrometer..")
                .check(Jars.ALL);
        noClasses()
                .that(Jars.OPENTELEMETRY.or(Jars.MICROMETER))
                .should()
                .dependOnClassesThat(Jars.KOTLIN.or(Jars.VERTX).or(Jars.HTTP))
                .check(Jars.ALL);
    }

    @Test
    void nothingKnowsWhatIsForTests() {
        noClasses()
                .that(DescribedPredicate.not(Jars.TESTING))
                .should()
                .dependOnClassesThat(Jars.TESTING.or(resideInAnyPackage("org.junit..", "io.kotest..")))
                .check(Jars.ALL);
        noClasses()
                .that(Jars.TESTING)
                .should()
                .dependOnClassesThat(Jars.VERTX.or(Jars.HTTP))
                .check(Jars.ALL);
    }

    @Test
    void publicSignaturesMentionNothingInternal() {
        var found = new TreeSet<String>();
        for (var type : Jars.ALL) {
            if (!INTERNAL.test(type) && isVisible(type)) {
                report(found, type.getFullName() + " extends or implements", superTypes(type));
                report(found, type.getFullName() + " has type parameters of", bounds(type.getTypeParameters()));
                for (var member : type.getMembers()) {
                    if (isVisible(member)) {
                        report(found, member.getFullName() + " mentions", typesOf(member));
                    }
                }
            }
        }
        assertEquals(Set.of(), found);
    }

    @Test
    void noPackageIsInTwoJars() {
        Map<String, Set<String>> jars = new TreeMap<>();
        for (var type : Jars.ALL) {
            jars.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>()).add(Jars.of(type));
        }
        jars.values().removeIf(places -> places.size() == 1);
        assertEquals(Map.of(), jars);
    }

    private boolean isVisible(JavaClass type) {
        return isPublicOrProtected(type.getModifiers())
                && !kotlin.hides(type)
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && type.getEnclosingClass().map(this::isVisible).orElse(true);
    }

    private boolean isVisible(JavaMember member) {
        return isPublicOrProtected(member.getModifiers()) && !member.getName().contains("$") && !kotlin.hides(member);
    }

    private static boolean isPublicOrProtected(Set<JavaModifier> modifiers) {
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC);
    }

    private static List<JavaType> superTypes(JavaClass type) {
        var types = new ArrayList<JavaType>(type.getInterfaces());
        type.getSuperclass().ifPresent(types::add);
        return types;
    }

    private static List<JavaType> typesOf(JavaMember member) {
        var types = new ArrayList<JavaType>();
        if (member instanceof JavaField field) {
            types.add(field.getType());
        } else if (member instanceof JavaCodeUnit code) {
            types.add(code.getReturnType());
            types.addAll(code.getParameterTypes());
            types.addAll(code.getExceptionTypes());
            types.addAll(bounds(code.getTypeParameters()));
        }
        return types;
    }

    private static List<JavaType> bounds(List<? extends JavaTypeVariable<?>> variables) {
        var types = new ArrayList<JavaType>();
        variables.forEach(variable -> types.addAll(variable.getUpperBounds()));
        return types;
    }

    private static void report(Set<String> found, String what, List<JavaType> types) {
        var raw = new HashSet<JavaClass>();
        types.forEach(type -> raw.addAll(type.getAllInvolvedRawTypes()));
        raw.stream()
                .filter(type -> INTERNAL.test(type.getBaseComponentType()))
                .forEach(type -> found.add(what + " " + type.getName()));
    }
}
