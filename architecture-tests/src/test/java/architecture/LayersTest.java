package architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import io.vertx.core.Vertx;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In which order the packages of a module build on each other. */
@Tag("once")
class LayersTest {
    /** Each may use those before it; docs/design.md, section 2. */
    private static final List<String> CORE = List.of(
            "thread", "loop", "context", "debug", "callback", "fiber", "task", "sync", "inspect", "stream", "run");

    @Test
    void thePackagesOfTheCoreBuildOnEachOtherInOneDirection() {
        for (var name : CORE) {
            var own = "asyncio.internal." + name;
            var above = CORE.subList(CORE.indexOf(name) + 1, CORE.size()).stream()
                    .map(other -> "asyncio.internal." + other)
                    .toArray(String[]::new);
            assertTrue(
                    Jars.ALL.that(Jars.KOTLIN).stream()
                            .anyMatch(type -> type.getPackageName().equals(own)),
                    own);
            noClasses()
                    .that(Jars.KOTLIN)
                    .and()
                    .resideInAPackage(own)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(Jars.ALL);
        }
        var packages = CORE.stream().map(name -> "asyncio.internal." + name).collect(Collectors.toSet());
        packages.add("asyncio.kotlin");
        for (var type : Jars.ALL.that(Jars.KOTLIN)) {
            assertTrue(packages.contains(type.getPackageName()), () -> type + " is in no layer");
        }
    }

    @Test
    void theCoreDoesNotUseItsApiForKotlin() {
        noClasses()
                .that(Jars.KOTLIN)
                .and()
                .resideInAPackage("asyncio.internal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("asyncio.kotlin..")
                .check(Jars.ALL);
    }

    /** Sockets, programs and files know the host of a loop; nothing below knows them. */
    @Test
    void thePackagesOfTheBridgeBuildOnEachOtherInOneDirection() {
        noClasses()
                .that(Jars.VERTX)
                .and()
                .resideInAnyPackage("asyncio.internal.vertx..", "asyncio.vertx..", "asyncio.kotlin.vertx..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "asyncio.internal.net..",
                        "asyncio.internal.process..",
                        "asyncio.internal.file..",
                        "asyncio.internal.io..")
                .check(Jars.ALL);
        slices().matching("asyncio.internal.(*)..").should().beFreeOfCycles().check(Jars.ALL.that(Jars.VERTX));
    }

    @Test
    void thePackagesOfTheHttpClientHaveNoCycles() {
        slices().matching("asyncio.internal.http.(*)..")
                .should()
                .beFreeOfCycles()
                .check(Jars.ALL.that(Jars.HTTP));
    }

    @Test
    void everyClassOfTheHttpClientIsInANamedPackage() {
        noClasses()
                .that(Jars.HTTP)
                .should()
                .resideInAPackage("asyncio.internal.http")
                .check(Jars.ALL);
    }

    @Test
    void noClassUsesWhatVertxDoesNotExport() throws Exception {
        var exported = exportsOfVertx();
        assertTrue(exported.contains("io.vertx.core.http"), () -> "exported: " + exported);
        assertFalse(exported.contains("io.vertx.core.http.impl"), () -> "exported: " + exported);
        var unexported = DescribedPredicate.<JavaClass>describe(
                "that Vert.x does not export",
                type -> type.getBaseComponentType().getPackageName().startsWith("io.vertx.core")
                        && !exported.contains(type.getBaseComponentType().getPackageName()));
        for (var module : List.of(Jars.VERTX, Jars.HTTP)) {
            noClasses().that(module).should().dependOnClassesThat(unexported).check(Jars.ALL);
        }
    }

    private static Set<String> exportsOfVertx() throws Exception {
        var jar = Path.of(
                Vertx.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        var descriptor =
                ModuleFinder.of(jar).find("io.vertx.core").orElseThrow().descriptor();
        return descriptor.exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
    }
}
