package sc.fiji.spyhop.engine.selection;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The processor of this machine, as the operating system tells.
 *
 * @param name such as {@code "Intel(R) Xeon(R) Processor"}
 * @param properties what libraries look at when they choose how to compute: model, instructions,
 *     sizes of caches
 */
record Processor(String name, Map<String, String> properties) {

  /** Start of the names of properties that are sizes of caches. */
  static final String CACHE = "cache ";

  /** What {@code /proc/cpuinfo} says of the first core, on x86 and on Arm. */
  private static final List<String> LINUX =
      List.of(
          "vendor_id",
          "cpu family",
          "model",
          "model name",
          "stepping",
          "flags",
          "CPU implementer",
          "CPU architecture",
          "CPU variant",
          "CPU part",
          "CPU revision",
          "Features");

  Processor {
    properties = Map.copyOf(properties);
  }

  /**
   * Whether it may have arithmetic of 16 bits (bfloat16): false where the operating system tells
   * its instructions and they are not among them.
   */
  boolean mayHaveBfloat16() {
    String flags = properties.getOrDefault("flags", "avx512_bf16");
    return List.of(flags.split(" ")).contains("avx512_bf16");
  }

  static Processor here() {
    if (Platform.isLinux()) {
      return linux(Path.of("/proc/cpuinfo"), Path.of("/sys/devices/system/cpu/cpu0/cache"));
    }
    String name =
        Platform.isMac()
            ? macOs("machdep.cpu.brand_string")
            : System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", "");
    if (name.isBlank()) name = System.getProperty("os.arch");
    return new Processor(name, Map.of("name", name));
  }

  /**
   * @param cpuinfo the file that tells of the processors
   * @param caches the folder with one folder for each cache
   */
  static Processor linux(Path cpuinfo, Path caches) {
    Map<String, String> told = new LinkedHashMap<>();
    for (String line : lines(cpuinfo)) {
      if (line.isBlank() && !told.isEmpty()) break;
      int colon = line.indexOf(':');
      if (colon < 0) continue;
      String key = line.substring(0, colon).strip();
      if (LINUX.contains(key)) told.put(key, line.substring(colon + 1).strip());
    }
    told.putAll(caches(caches));
    String name = told.getOrDefault("model name", System.getProperty("os.arch"));
    return new Processor(name, told);
  }

  private static Map<String, String> caches(Path folder) {
    Map<String, String> sizes = new TreeMap<>();
    for (int i = 0; i < 8; i++) {
      Path one = folder.resolve("index" + i);
      List<String> size = lines(one.resolve("size"));
      if (size.isEmpty()) continue;
      String level = String.join("", lines(one.resolve("level")));
      String type = String.join("", lines(one.resolve("type")));
      sizes.put(CACHE + "L" + level + " " + type, size.get(0).strip());
    }
    return sizes;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String macOs(String key) {
    try (Memory text = new Memory(256);
        Memory length = new Memory(Native.SIZE_T_SIZE)) {
      text.clear();
      length.setLong(0, text.size());
      Function f = Function.getFunction(Platform.C_LIBRARY_NAME, "sysctlbyname");
      int status = f.invokeInt(new Object[] {key, text, length, null, 0L});
      return status == 0 ? text.getString(0) : "";
    } catch (LinkageError e) {
      return "";
    }
  }
}
