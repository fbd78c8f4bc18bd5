package sc.fiji.spyhop;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The walls between packages. A package that does not exist yet breaks none. */
class ArchitectureTest {

  private static final String ROOT = "sc.fiji.spyhop";

  private static final JavaClasses CLASSES = load();

  /** Names of libraries' classes are enough; loading them as well takes many times longer. */
  private static JavaClasses load() {
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages(ROOT);
  }

  /**
   * Each package and the others that it may import; all may import the root, which imports none,
   * and {@code util}.
   */
  private enum Package {
    ROOT(""),
    UTIL("util"),
    /** Formulas of users, and what computes them. */
    EXPRESSION("expression"),
    /** How what jars bring is found. */
    PLUGIN("plugin"),
    TENSOR("tensor"),
    PREDICTION("prediction", "tensor"),
    NETWORK("network", "plugin", "expression", "tensor"),
    NETWORK_PICTURE("network.picture", "network"),
    WEIGHTS("weights", "tensor", "network"),
    EXCHANGE_GRAPH("exchange.graph", "expression", "tensor", "network", "weights"),
    /** Made from the description of the format when this is built. */
    EXCHANGE_ONNX_PROTO("exchange.onnx.proto"),
    EXCHANGE_CAFFE_PROTO("exchange.caffe.proto"),
    EXCHANGE_ONNX(
        "exchange.onnx",
        "expression",
        "tensor",
        "network",
        "weights",
        "exchange.graph",
        "exchange.onnx.proto"),
    EXCHANGE_KERAS(
        "exchange.keras", "expression", "tensor", "network", "weights", "exchange.graph"),
    EXCHANGE_TORCH("exchange.torch", "tensor", "network", "weights", "exchange.graph"),
    EXCHANGE_DL4J("exchange.dl4j", "tensor", "network", "weights", "exchange.graph"),
    EXCHANGE_CAFFE(
        "exchange.caffe",
        "tensor",
        "network",
        "weights",
        "exchange.graph",
        "exchange.caffe.proto",
        "exchange.onnx"),
    IMAGE("image", "plugin", "image.stain", "tensor", "prediction"),
    /** Colours of stained tissue. */
    IMAGE_STAIN("image.stain"),
    /** TIFF as it is stored, of any layout. */
    IMAGE_TIFF("image.tiff"),
    ENGINE("engine", "plugin", "expression", "tensor", "network", "weights"),
    /** Which engine is used: found, checked, chosen. */
    ENGINE_SELECTION(
        "engine.selection", "plugin", "expression", "engine", "tensor", "network", "weights"),
    ENGINE_BENCHMARK(
        "engine.benchmark",
        "expression",
        "engine",
        "engine.selection",
        "tensor",
        "network",
        "weights"),
    /** What engines that compute layer by layer share. */
    ENGINE_GRAPH("engine.graph", "engine", "tensor", "network", "weights"),
    /** Normalization in Java, which engines share. */
    ENGINE_NORMALIZATION("engine.normalization"),
    ENGINE_ONEDNN(
        "engine.onednn",
        "expression",
        "engine",
        "engine.graph",
        "engine.normalization",
        "tensor",
        "network",
        "weights"),
    ENGINE_DL4J(
        "engine.dl4j",
        "engine",
        "engine.graph",
        "engine.normalization",
        "tensor",
        "network",
        "weights",
        "exchange.dl4j",
        "expression"),
    ENGINE_ONNX("engine.onnx", "engine", "tensor", "network", "weights", "exchange.onnx"),
    /** A task says which losses it wants and makes their targets: the engine port's words. */
    TASK_METRICS("task.metrics", "plugin", "tensor", "prediction"),
    TASK_DECODE("task.decode", "tensor", "network", "prediction", "image", "engine"),
    TASK(
        "task",
        "plugin",
        "expression",
        "task.decode",
        "task.metrics",
        "tensor",
        "network",
        "prediction",
        "image",
        "engine"),
    DATASET(
        "dataset",
        "plugin",
        "tensor",
        "image",
        "prediction",
        "task",
        "task.decode",
        "task.metrics"),
    DATASET_FORMAT("dataset.format", "plugin", "image", "prediction", "dataset"),
    MODEL(
        "model",
        "plugin",
        "tensor",
        "network",
        "weights",
        "exchange.onnx",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine"),
    /** Evidence that every task has, such as targets of its losses; knows no loop. */
    TRAINING_DIAGNOSIS(
        "training.diagnosis", "expression", "tensor", "network", "weights", "engine"),
    EXCHANGE(
        "exchange",
        "tensor",
        "network",
        "weights",
        "exchange.graph",
        "exchange.onnx",
        "exchange.keras",
        "exchange.caffe",
        "exchange.dl4j",
        "exchange.torch",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "model"),
    MODEL_DOWNLOAD("model.download", "plugin", "model", "exchange", "exchange.bioimage"),
    TRAINING_SAMPLING(
        "training.sampling",
        "training.diagnosis",
        "tensor",
        "network",
        "weights",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "dataset",
        "dataset.format",
        "model",
        "inference"),
    TRAINING_FINETUNING(
        "training.finetuning",
        "training",
        "training.sampling",
        "training.diagnosis",
        "tensor",
        "network",
        "weights",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "dataset",
        "dataset.format",
        "model",
        "inference"),
    TRAINING(
        "training",
        "training.sampling",
        "training.diagnosis",
        "tensor",
        "network",
        "weights",
        "prediction",
        "image",
        "image.stain",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "dataset",
        "dataset.format",
        "model",
        "inference"),
    INFERENCE(
        "inference",
        "tensor",
        "network",
        "weights",
        "prediction",
        "image",
        "task",
        "task.decode",
        "engine",
        "engine.selection",
        "model"),
    QUANTIZATION(
        "quantization",
        "tensor",
        "network",
        "weights",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "dataset",
        "dataset.format",
        "model",
        "inference"),
    EXCHANGE_BIOIMAGE(
        "exchange.bioimage",
        "tensor",
        "network",
        "weights",
        "exchange",
        "exchange.graph",
        "exchange.onnx",
        "exchange.keras",
        "exchange.torch",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "model"),
    PIPELINE(
        "pipeline",
        "inference",
        "tensor",
        "network",
        "weights",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "model"),
    PIPELINE_TRAINING(
        "pipeline.training",
        "tensor",
        "network",
        "weights",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "dataset",
        "dataset.format",
        "training",
        "model",
        "pipeline",
        "inference"),
    ACTIVE(
        "active",
        "tensor",
        "network",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "model",
        "pipeline",
        "inference"),
    EXPLAIN(
        "explain",
        "plugin",
        "inference",
        "tensor",
        "network",
        "weights",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "model"),
    /** What a network has learnt, whatever the image. */
    EXPLAIN_LEARNED(
        "explain.learned",
        "inference",
        "tensor",
        "network",
        "weights",
        "image",
        "task",
        "engine",
        "engine.selection",
        "model"),
    /** Images out of networks. */
    GENERATE(
        "generate",
        "tensor",
        "network",
        "weights",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "dataset",
        "model"),
    /** Images like others, against a network that tells them apart. */
    GENERATE_ADVERSARIAL(
        "generate.adversarial",
        "generate",
        "plugin",
        "expression",
        "tensor",
        "network",
        "weights",
        "prediction",
        "image",
        "engine",
        "engine.selection",
        "dataset",
        "training",
        "training.sampling",
        "training.diagnosis",
        "model"),
    /** Images that fool a classifier. */
    GENERATE_FOOLING(
        "generate.fooling",
        "inference",
        "tensor",
        "network",
        "weights",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "model"),
    /** Images from the rows of a table. */
    GENERATE_RENDERING(
        "generate.rendering",
        "generate",
        "plugin",
        "expression",
        "tensor",
        "network",
        "weights",
        "image",
        "task.metrics",
        "engine",
        "engine.selection",
        "dataset",
        "training",
        "training.sampling",
        "training.diagnosis",
        "model"),
    /** Images in the style of others. */
    GENERATE_STYLE(
        "generate.style",
        "tensor",
        "network",
        "weights",
        "image",
        "engine",
        "engine.selection",
        "model"),
    SAMPLE("sample", "image", "prediction"),
    IJ("ij", "image", "image.tiff", "prediction", "dataset.format"),
    IJ_ANNOTATION("ij.annotation", "image", "prediction", "dataset", "dataset.format", "ij"),
    IJ_MEASURE("ij.measure", "ij", "image", "prediction"),
    /** Maps of networks that are kept, and decoded again. */
    JOB_MAPS(
        "job.maps",
        "tensor",
        "network",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "model",
        "inference",
        "ij"),
    /** What will be found in what is seen of an image. */
    JOB_PREVIEW(
        "job.preview",
        "job.maps",
        "tensor",
        "network",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "model",
        "inference",
        "ij"),
    /** One job for many images, the same from a shell and from a menu. */
    JOB_BATCH(
        "job.batch",
        "job",
        "job.maps",
        "generate",
        "tensor",
        "prediction",
        "image",
        "image.stain",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "dataset",
        "dataset.format",
        "model",
        "pipeline",
        "inference",
        "active",
        "explain",
        "generate.style",
        "ij.measure",
        "ij"),
    /** Predictions, such as those that a batch wrote, held against the truth. */
    JOB_EVALUATION(
        "job.evaluation",
        "network",
        "prediction",
        "image",
        "task",
        "task.metrics",
        "dataset",
        "dataset.format",
        "model",
        "inference",
        "generate",
        "generate.rendering",
        "tensor",
        "ij",
        "job.batch"),
    /** Made of what a batch wrote; knows no model. */
    JOB_PAGE("job.page", "job.batch", "ij"),
    /** What every job has, whichever way it is asked for. */
    JOB("job", "engine", "engine.selection", "model", "training"),
    UI("ui", "training", "training.sampling", "ij", "image", "prediction"),
    /** ImageJ without a display. */
    HOST_HEADLESS("host.headless"),
    HOST("host", "host.headless", "command", "job", "job.preview"),
    COMMAND(
        "command",
        "plugin",
        "expression",
        "tensor",
        "network",
        "network.picture",
        "weights",
        "prediction",
        "image",
        "image.stain",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "dataset",
        "dataset.format",
        "training",
        "training.sampling",
        "training.finetuning",
        "training.diagnosis",
        "model",
        "exchange",
        "exchange.bioimage",
        "model.download",
        "pipeline",
        "inference",
        "pipeline.training",
        "quantization",
        "active",
        "explain",
        "explain.learned",
        "generate",
        "generate.adversarial",
        "generate.fooling",
        "generate.rendering",
        "generate.style",
        "sample",
        "ij.measure",
        "ij",
        "ij.annotation",
        "job",
        "job.batch",
        "job.evaluation",
        "job.page",
        "job.maps",
        "job.preview",
        "ui"),
    CLI(
        "cli",
        "plugin",
        "tensor",
        "network",
        "weights",
        "exchange.onnx",
        "exchange.dl4j",
        "prediction",
        "image",
        "task",
        "task.decode",
        "task.metrics",
        "engine",
        "engine.selection",
        "engine.benchmark",
        "dataset",
        "dataset.format",
        "training",
        "training.sampling",
        "training.finetuning",
        "training.diagnosis",
        "model",
        "exchange",
        "exchange.bioimage",
        "model.download",
        "pipeline",
        "inference",
        "pipeline.training",
        "quantization",
        "active",
        "explain",
        "sample",
        "ij",
        "ij.annotation",
        "job",
        "job.batch",
        "command",
        "host",
        "host.headless");

    final String path;
    final Set<String> imports;

    Package(String path, String... imports) {
      this.path = path.isEmpty() ? ArchitectureTest.ROOT : ArchitectureTest.ROOT + "." + path;
      this.imports =
          Stream.concat(
                  Stream.of(ArchitectureTest.ROOT, ArchitectureTest.ROOT + ".util", this.path),
                  Arrays.stream(imports).map(i -> ArchitectureTest.ROOT + "." + i))
              .collect(Collectors.toUnmodifiableSet());
    }
  }

  @ParameterizedTest
  @EnumSource
  void packagesImportOnlyWhatTheyMay(Package from) {
    classes()
        .that()
        .resideInAPackage(from.path)
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage(ROOT + "..")
                .or(resideInAnyPackage(from.imports.toArray(String[]::new))))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void noPackageIsWithoutWalls() {
    Set<String> known = Stream.of(Package.values()).map(p -> p.path).collect(Collectors.toSet());
    Set<String> unknown = new TreeSet<>();
    for (JavaClass c : CLASSES) {
      if (!known.contains(c.getPackageName())) unknown.add(c.getPackageName());
    }
    assertEquals(Set.of(), unknown, "packages missing from the table of this test");
  }

  @Test
  void packagesDoNotGoInCircles() {
    slices()
        .matching(ROOT + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void engineLibrariesStayBehindThePort() {
    only("engine.dl4j", resideInAnyPackage("org.deeplearning4j..", "org.nd4j.."));
    only("engine.onednn", resideInAPackage("org.bytedeco.dnnl.."));
    only(resideInAPackage("org.bytedeco.."), "engine.dl4j", "engine.onednn");
    only("engine.onnx", resideInAPackage("ai.onnxruntime.."));
  }

  @Test
  void imageJStaysAtTheEdge() {
    DescribedPredicate<JavaClass> imageJ = resideInAPackage("ij..");
    only(
        imageJ,
        "ij",
        "job.batch",
        "job.maps",
        "job.preview",
        "command",
        "cli",
        "plugin",
        "ui",
        "host",
        "host.headless");
    DescribedPredicate<JavaClass> annotation =
        JavaClass.Predicates.type(org.scijava.plugin.Plugin.class);
    only(
        resideInAPackage("org.scijava..").and(DescribedPredicate.not(annotation)),
        "command",
        "host",
        "plugin");
    only(resideInAnyPackage("javax.swing.."), "ui", "host", "host.headless");
    only(resideInAnyPackage("javassist..", "net.imagej.patcher.."), "host.headless");
  }

  @Test
  void imgLib2StaysOutOfTheVocabulary() {
    noClasses()
        .that()
        .resideInAnyPackage(
            below("tensor"),
            below("network"),
            below("weights"),
            below("prediction"),
            below("task"),
            below("engine"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("net.imglib2..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void shellLibrariesStayInTheShell() {
    only("cli", resideInAnyPackage("picocli..", "me.tongfei.."));
  }

  @Test
  void tensorsAndPredictionsNeedNothingButTheJdk() {
    classes()
        .that()
        .resideInAnyPackage(below("tensor"), below("prediction"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", ROOT + "..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void onlyTheShellEndsTheProgram() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".cli.Spyhop")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(CLASSES);
  }

  /** The root folder has neither, so that what they give may be null. */
  @Test
  void namesAndFoldersOfPathsComeFromOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".util.FileNames")
        .should()
        .callMethod(Path.class, "getFileName")
        .orShould()
        .callMethod(Path.class, "getParent")
        .check(CLASSES);
  }

  @Test
  void onlyTheShellPrints() {
    DescribedPredicate<JavaCall<?>> stackTraces =
        DescribedPredicate.describe(
            "printStackTrace", call -> call.getTarget().getName().equals("printStackTrace"));
    noClasses()
        .that()
        .resideOutsideOfPackage(below("cli"))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callCodeUnitWhere(stackTraces)
        .check(CLASSES);
  }

  private static String below(String name) {
    return ROOT + "." + name + "..";
  }

  private static void only(String name, DescribedPredicate<JavaClass> library) {
    only(library, name);
  }

  private static void only(DescribedPredicate<JavaClass> library, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            Stream.of(packages).map(ArchitectureTest::below).toArray(String[]::new))
        .should()
        .dependOnClassesThat(library)
        .check(CLASSES);
  }
}
