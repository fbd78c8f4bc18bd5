package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.io.File;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.scijava.ItemIO;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.plugin.Extension;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * A setting of a job, as the {@link Parameter} of its command declares it: the one source of
 * dialogs, macro keys, options of the shell and records.
 */
public final class Setting {

  private static final Set<Class<?>> TYPES =
      Set.of(
          String.class,
          File.class,
          ImagePlus.class,
          boolean.class,
          int.class,
          long.class,
          double.class);

  private final Object job;
  private final Field field;
  private final Parameter declared;
  private final Optional<InShell> shell;
  private final boolean required;

  private Setting(Object job, Field field) {
    this(job, field, field.getAnnotation(Parameter.class).required());
  }

  private Setting(Object job, Field field, boolean required) {
    this.job = job;
    this.required = required;
    this.field = field;
    this.declared = field.getAnnotation(Parameter.class);
    this.shell = Optional.ofNullable(field.getAnnotation(InShell.class));
    field.setAccessible(true);
  }

  /** The settings of a job, those of its superclasses first, as SciJava has them. */
  static List<Setting> of(JobCommand job) {
    List<Setting> settings = new ArrayList<>();
    collect(job, job.getClass(), settings);
    return settings;
  }

  private static void collect(JobCommand job, Class<?> type, List<Setting> settings) {
    if (type == JobCommand.class) return;
    collect(job, type.getSuperclass(), settings);
    for (Field f : type.getDeclaredFields()) {
      Parameter p = f.getAnnotation(Parameter.class);
      if (p == null || p.type() == ItemIO.OUTPUT || !TYPES.contains(f.getType())) continue;
      settings.add(new Setting(job, f));
    }
  }

  /** Name of the parameter: the key in macros. */
  public String key() {
    return field.getName();
  }

  /** What dialogs call it. */
  public String label() {
    return declared.label();
  }

  /** A sentence or two. */
  public String help() {
    return declared.description();
  }

  /** The Java type of the value, such as {@code double.class} or {@code java.io.File.class}. */
  public Class<?> type() {
    return field.getType();
  }

  /** Those that are declared, then those that plugins bring; empty for any value. */
  public List<String> choices() {
    FromPlugins more = field.getAnnotation(FromPlugins.class);
    if (more == null) return List.of(declared.choices());
    List<String> all = new ArrayList<>(List.of(declared.choices()));
    for (Extension plugin : Plugins.all(more.value())) {
      if (!all.contains(plugin.name())) all.add(plugin.name());
    }
    return all;
  }

  /** Whether plugins may bring choices. */
  public boolean isOpenToPlugins() {
    return field.isAnnotationPresent(FromPlugins.class);
  }

  /** Whether the value is a choice that no plugin brings. */
  boolean isDeclaredChoice() {
    return List.of(declared.choices()).contains(get());
  }

  /** Those that make sense in a shell. */
  public List<String> choicesInShell() {
    List<String> inImageJ =
        Optional.ofNullable(field.getAnnotation(InImageJ.class))
            .map(i -> List.of(i.value()))
            .orElse(List.of());
    return choices().stream().filter(c -> !inImageJ.contains(c)).toList();
  }

  /** Whether it has to be given, where there is no default. */
  public boolean isRequired() {
    return required;
  }

  /** The same where it need not be given. */
  Setting optional() {
    return new Setting(job, field, false);
  }

  /** Whether it is about open images or windows, of which a shell has none. */
  public boolean isOfImageJ() {
    InImageJ only = field.getAnnotation(InImageJ.class);
    return type() == ImagePlus.class || only != null && only.value().length == 0;
  }

  /** The heading that it stands under; absent for what comes first. */
  public Optional<String> group() {
    return Optional.ofNullable(field.getDeclaringClass().getAnnotation(Group.class))
        .map(Group::value);
  }

  /** Whether its values are the arguments of a command line. */
  public boolean isArguments() {
    return shell.filter(InShell::arguments).isPresent();
  }

  /** Names of the option, the one to show first. */
  public List<String> options() {
    List<String> names = new ArrayList<>();
    shell.ifPresent(s -> names.addAll(Arrays.asList(s.names())));
    names.add("--" + key());
    return names;
  }

  /** Options without a value, and the value that they set. */
  public Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    for (String flag : shell.map(InShell::flags).orElse(new String[0])) {
      int sign = flag.indexOf('=');
      flags.put(flag.substring(0, sign), flag.substring(sign + 1));
    }
    return flags;
  }

  /** What the help says of an option that switches the setting off. */
  public String off() {
    return shell
        .map(InShell::off)
        .filter(o -> !o.isEmpty())
        .orElse("Switches this off: " + declared.description());
  }

  /** What stands for the value in the help of a shell. */
  public String valueLabel() {
    String own = shell.map(InShell::value).orElse("");
    if (!own.isEmpty()) return own;
    if (!choices().isEmpty()) return String.join("|", choicesInShell());
    if (type() == File.class) return declared.style().contains("directory") ? "DIR" : "FILE";
    return type() == String.class ? "TEXT" : "N";
  }

  /** The value. */
  public Object get() {
    try {
      return field.get(job);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sets the value, which has to be of that type; nothing is checked. */
  public void set(Object value) {
    try {
      field.set(job, value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Refuses a value that is none of the choices, or out of range.
   *
   * @throws SettingException if so
   */
  void check() {
    Object value = get();
    if (!choices().isEmpty() && value instanceof String text) {
      String asked = text.strip();
      // plugins may have settings of their own in brackets
      boolean more = isOpenToPlugins() && asked.contains("(");
      String brackets = more ? asked.substring(asked.indexOf('(')) : "";
      String name = asked.substring(0, asked.length() - brackets.length()).strip();
      Optional<String> choice =
          choices().stream().filter(c -> c.equalsIgnoreCase(name)).findFirst();
      set(
          choice
              .map(c -> c + brackets)
              .orElseThrow(
                  () ->
                      SettingException.wrong(
                          key(),
                          Strings.format(
                              "expected %s, received \"%s\".", listed(choices()), text.strip()))));
    }
    if (value instanceof Number n && !isInRange(n.doubleValue())) {
      throw SettingException.wrong(
          key(),
          Strings.format(
              "expected a number %s, received %s.", range(), Decimals.text(n.doubleValue())));
    }
  }

  private boolean isInRange(double value) {
    return Double.isFinite(value)
        && (declared.min().isEmpty() || value >= Double.parseDouble(declared.min()))
        && (declared.max().isEmpty() || value <= Double.parseDouble(declared.max()));
  }

  /** Such as {@code from 0 to 1}. */
  private String range() {
    String from = declared.min().isEmpty() ? "" : "from " + declared.min();
    String to = declared.max().isEmpty() ? "" : "to " + declared.max();
    return (from + " " + to).strip();
  }

  /** Such as {@code a, b or c}. */
  static String listed(List<String> words) {
    List<String> named = words.stream().filter(w -> !w.isEmpty()).toList();
    int last = named.size() - 1;
    return last < 1
        ? String.join("", named)
        : String.join(", ", named.subList(0, last)) + " or " + named.get(last);
  }

  /** Key and value, as a macro has it. */
  String inMacro() {
    String value = String.valueOf(get());
    boolean bare = value.matches("[^\\s\\[\\]\"]+");
    return key() + "=" + (bare ? value : "[" + value + "]");
  }
}
