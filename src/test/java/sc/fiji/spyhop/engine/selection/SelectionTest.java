package sc.fiji.spyhop.engine.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Precision;

class SelectionTest {

  private static final Processor PROCESSOR = new Processor("Z80", Map.of("model", "80"));

  @TempDir Path folder;

  private static Selection of(Engine... engines) {
    return new Selection(List.of(engines), new CheckRecords(Optional.empty(), PROCESSOR));
  }

  private Selection kept(Processor processor, Engine... engines) {
    return new Selection(List.of(engines), new CheckRecords(Optional.of(folder), processor));
  }

  private static Optional<Engine> find(Selection selection) {
    return selection.find(Capability.PREDICTION, e -> true, Precision.FLOAT32, new HashMap<>());
  }

  private static String chosen(PlainEngine... engines) {
    return find(of(engines)).map(Engine::name).orElse("none");
  }

  private static PlainEngine cpu(String name) {
    return new PlainEngine(name, PlainEngine.CPU);
  }

  private static PlainEngine gpu(String name) {
    return new PlainEngine(name, PlainEngine.GPU, PlainEngine.CPU);
  }

  @Test
  void oneWithAGpuGoesFirst() {
    assertEquals("b", chosen(cpu("a"), gpu("b"), gpu("c")));
    assertEquals("c", chosen(cpu("a"), cpu("b"), gpu("c")));
  }

  @Test
  void withoutGpusTheFirstThatCanRunIsTakenAndNoneBehindItIsLoaded() {
    PlainEngine behind = cpu("c");
    assertEquals("b", chosen(new PlainEngine("a"), cpu("b"), behind));
    assertFalse(behind.loaded);
    assertEquals(0, behind.predictors);
  }

  @Test
  void thereMayBeNone() {
    assertEquals("none", chosen(new PlainEngine("a")));
    SpyhopException e =
        assertThrows(
            SpyhopException.class,
            () ->
                of(new PlainEngine("a")).best(Capability.PREDICTION, x -> true, Precision.FLOAT32));
    assertTrue(e.getMessage().startsWith("No engine can run networks"), e.getMessage());
  }

  @Test
  void oneThatComputesWrongIsPassedOverAndTheDeviceSaysSo() {
    Engine found =
        of(PlainEngine.liar("a"), cpu("b"))
            .best(Capability.PREDICTION, e -> true, Precision.FLOAT32);
    assertEquals("b", found.name());
    assertEquals(
        "CPU; a 1.0 computes wrong here and was passed over", found.devices().get(0).description());
    assertEquals("CPU", found.devices().get(0).name());
  }

  @Test
  void aGpuThatComputesWrongIsPassedOverForTheProcessor() {
    PlainEngine engine = gpu("a");
    engine.lie = (device, t) -> t.data()[0] = device == PlainEngine.GPU ? Float.NaN : t.data()[0];
    Engine found = of(engine).best(Capability.PREDICTION, e -> true, Precision.FLOAT32);
    assertEquals(
        "CPU; a 1.0 on GPU 0 computes wrong here and was passed over",
        found.devices().get(0).description());
    assertEquals(1, found.devices().size());
    assertEquals(List.of(), found.gpus());
  }

  @Test
  void oneThatFailsIsPassedOver() {
    PlainEngine engine = cpu("a");
    engine.lie =
        (device, t) -> {
          throw new IllegalStateException("no such instruction");
        };
    Map<String, String> faults = new HashMap<>();
    Selection selection = of(engine, cpu("b"));
    assertEquals(
        "b",
        selection
            .find(Capability.PREDICTION, e -> true, Precision.FLOAT32, faults)
            .orElseThrow()
            .name());
    assertEquals(Map.of("a 1.0", "it failed: no such instruction"), faults);
  }

  @Test
  void whereAllComputeWrongNoneIsUsed() {
    SpyhopException e =
        assertThrows(
            SpyhopException.class,
            () ->
                of(PlainEngine.liar("a"), PlainEngine.liar("b"))
                    .best(Capability.PREDICTION, x -> true, Precision.FLOAT32));
    assertTrue(
        e.getMessage().startsWith("No engine computes right on this machine: a 1.0 (layer "),
        e.getMessage());
    assertTrue(e.getMessage().contains("b 1.0 (layer "), e.getMessage());
  }

  @Test
  void aVerdictHoldsFromOneStartToTheNext() {
    PlainEngine engine = cpu("a");
    PlainEngine liar = PlainEngine.liar("b");
    for (int start = 0; start < 3; start++) {
      Selection selection = kept(PROCESSOR, liar, engine);
      assertEquals("a", find(selection).orElseThrow().name());
      assertEquals("a", find(selection).orElseThrow().name());
    }
    assertEquals(1, engine.predictors);
    assertEquals(1, liar.predictors);
  }

  @Test
  void anotherProcessorLibraryOrNumberOfThreadsIsCheckedAnew() {
    PlainEngine engine = cpu("a");
    find(kept(PROCESSOR, engine));
    find(kept(new Processor("Z80", Map.of("model", "80", "cache L1", "1K")), engine));
    assertEquals(2, engine.predictors);
    engine.library = new Library("a 1.1", "AVX2", 2, "");
    find(kept(PROCESSOR, engine));
    assertEquals(3, engine.predictors);
    engine.library = new Library("a 1.1", "SSE4.1", 2, "");
    find(kept(PROCESSOR, engine));
    assertEquals(4, engine.predictors);
    engine.library = new Library("a 1.1", "SSE4.1", 3, "");
    find(kept(PROCESSOR, engine));
    assertEquals(5, engine.predictors);
    find(kept(PROCESSOR, engine));
    assertEquals(5, engine.predictors);
  }

  @Test
  void aDamagedRecordIsAsGoodAsNone() throws IOException {
    PlainEngine engine = cpu("a");
    find(kept(PROCESSOR, engine));
    Path record;
    try (Stream<Path> files = Files.list(folder)) {
      record = files.findFirst().orElseThrow();
    }
    String whole = Files.readString(record);
    int asked = engine.predictors;
    for (String damaged : List.of("", "{", "[]", whole.replace("Z", "?"), "x".repeat(1 << 17))) {
      Files.writeString(record, damaged);
      find(kept(PROCESSOR, engine));
      asked += 1;
      assertEquals(asked, engine.predictors, damaged);
    }
    assertEquals(1, Files.list(folder).count());
  }

  @Test
  void whereNothingCanBeWrittenEachStartChecks() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    PlainEngine engine = cpu("a");
    for (int start = 1; start < 3; start++) {
      CheckRecords records = new CheckRecords(Optional.of(file.resolve("in it")), PROCESSOR);
      assertEquals("a", find(new Selection(List.of(engine), records)).orElseThrow().name());
      assertEquals(start, engine.predictors);
    }
  }

  @Test
  void theReportTellsWhatIsUsedForWhatAndWhyNot() {
    PlainEngine absent =
        new PlainEngine("d") {
          @Override
          public Library library() {
            throw new SpyhopException("d cannot be loaded: no d in java.library.path");
          }
        };
    Selection selection = of(PlainEngine.liar("a"), cpu("b"), cpu("c"), absent);
    String text = new EngineReport(selection, false).text().replace("\r", "");
    assertTrue(text.contains("processor      Z80, "), text);
    assertTrue(text.contains("caches         sizes not told\n"), text);
    assertTrue(text.contains("\na              not used\n  library      a 1.0\n"), text);
    assertTrue(text.contains("arithmetic   wrong: layer "), text);
    assertTrue(text.contains("why          it computes wrong\n"), text);
    assertTrue(text.contains("\nb              predicts\n"), text);
    assertTrue(text.contains("arithmetic   right, checked 2"), text);
    assertTrue(text.contains("\nc              not used\n"), text);
    assertTrue(text.contains("why          all that it can do is done by b\n"), text);
    assertTrue(text.contains("arithmetic   not checked yet"), text);
    assertTrue(
        text.contains(
            "\nd              not used\n  why          d cannot be loaded: no d in"
                + " java.library.path\n"),
        text);
    String anew = new EngineReport(selection, true).text();
    assertFalse(anew.contains("not checked yet"), anew);
  }

  private static PlainEngine narrow(String name) {
    PlainEngine engine = cpu(name);
    engine.narrow = true;
    return engine;
  }

  private static Device best(Precision precision, PlainEngine... engines) {
    return best(of(engines), precision);
  }

  private static Device best(Selection selection, Precision precision) {
    return selection.best(Capability.PREDICTION, e -> true, precision).devices().get(0);
  }

  @Test
  void sixteenBitsGoBeforeThirtyTwoWhereTheyMayAndAGpuGoesBeforeBoth() {
    assertEquals("CPU, bf16", best(Precision.AUTO, cpu("a"), narrow("b")).name());
    assertEquals("CPU, bf16", best(Precision.AUTO, cpu("a"), narrow("b")).toString());
    assertEquals("CPU", best(Precision.FLOAT32, narrow("b")).name());
    assertEquals("CPU", best(Precision.AUTO, cpu("a"), cpu("b")).name());
    assertEquals("GPU 0", best(Precision.AUTO, narrow("a"), gpu("b")).name());
    assertEquals("CPU, bf16", best(Precision.BFLOAT16, gpu("a"), narrow("b")).name());
  }

  @Test
  void sixteenBitsThatAreNotThereAreRefusedAndToldWhatToDo() {
    SpyhopException e =
        assertThrows(SpyhopException.class, () -> best(Precision.BFLOAT16, cpu("a"), gpu("b")));
    assertTrue(
        e.getMessage().startsWith("This processor has no arithmetic of 16 bits (bfloat16)"),
        e.getMessage());
    assertTrue(e.getMessage().endsWith("Choose precision auto or float32."), e.getMessage());
  }

  /** Of all maps the last value is 0, in 16 bits alone. */
  private static PlainEngine wrongInSixteenBits() {
    PlainEngine engine = narrow("a");
    engine.lie =
        (device, t) -> {
          if (!device.arithmetic().isEmpty()) t.data()[t.length() - 1] = 0;
        };
    return engine;
  }

  @Test
  void sixteenBitsThatAreWrongAreRefusedOrPassedOver() {
    SpyhopException e =
        assertThrows(SpyhopException.class, () -> best(Precision.BFLOAT16, wrongInSixteenBits()));
    assertTrue(
        e.getMessage()
            .startsWith(
                "No engine computes right on this machine in 16 bits: a 1.0 in bf16 (layer"),
        e.getMessage());
    assertTrue(e.getMessage().contains("Choose precision auto or float32."), e.getMessage());
    Device instead = best(Precision.AUTO, wrongInSixteenBits());
    assertEquals("CPU", instead.name());
    assertEquals(
        "CPU; a 1.0 in bf16 computes wrong here and was passed over", instead.description());
  }

  /** Half of the 1/256 by which neighbours among numbers of 16 bits differ is no fault in these. */
  @Test
  void roundingIsAFaultInThirtyTwoBitsAlone() {
    PlainEngine engine = narrow("a");
    engine.lie =
        (device, t) -> {
          for (int i = 0; i < t.length(); i++) t.data()[i] *= 1 + 1 / 512f;
        };
    assertEquals("CPU, bf16", best(Precision.BFLOAT16, engine).name());
    assertThrows(SpyhopException.class, () -> best(Precision.FLOAT32, engine));
  }

  @Test
  void aVerdictInSixteenBitsIsKeptApartFromThatInThirtyTwo() {
    for (int start = 0; start < 3; start++) {
      PlainEngine engine = wrongInSixteenBits();
      Selection selection = kept(PROCESSOR, engine);
      assertEquals("CPU", best(selection, Precision.AUTO).name());
      assertEquals(start == 0 ? 2 : 0, engine.predictors, "checks in start " + start);
    }
  }

  @Test
  void anEngineIsNotLoadedToAskForSixteenBitsWhereTheProcessorTellsThatItHasNone() {
    for (String flags : List.of("sse avx2", "sse avx2 avx512_bf16")) {
      PlainEngine behind = narrow("b");
      Processor processor = new Processor("x", Map.of("flags", flags));
      String found = best(kept(processor, cpu("a"), behind), Precision.AUTO).name();
      boolean has = flags.contains("bf16");
      assertEquals(has ? "CPU, bf16" : "CPU", found);
      assertEquals(has, behind.loaded);
    }
  }

  @Test
  void theReportTellsWhetherThereAreSixteenBits() {
    String without = new EngineReport(of(cpu("a")), false).text();
    assertTrue(without.contains("16 bits        no arithmetic that an engine can use"), without);
    String with = new EngineReport(of(cpu("a"), narrow("b")), false).text();
    assertTrue(with.contains("16 bits        bfloat16"), with);
    assertTrue(with.contains("b              predicts in 16 bits"), with);
    assertTrue(with.contains("device       CPU, bf16"), with);
  }

  /** What an engine of others answers is passed on, whatever it is asked; nothing is forgotten. */
  @Test
  void anEngineOfOthersIsAskedForAllThatItCan() throws NoSuchMethodException {
    for (Method m : Engine.class.getDeclaredMethods()) {
      boolean shorter = m.isDefault() && List.of(2, 3).contains(m.getParameterCount());
      if (Modifier.isStatic(m.getModifiers()) || m.isSynthetic()) continue;
      if (shorter && !m.getName().equals("runner")) continue;
      assertEquals(
          GuardedEngine.class,
          GuardedEngine.class.getMethod(m.getName(), m.getParameterTypes()).getDeclaringClass(),
          m.toString());
    }
  }
}
