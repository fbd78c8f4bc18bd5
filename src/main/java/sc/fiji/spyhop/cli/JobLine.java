package sc.fiji.spyhop.cli;

import java.io.File;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.command.InFiles;
import sc.fiji.spyhop.command.JobCommand;
import sc.fiji.spyhop.command.Setting;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.util.Strings;

/**
 * A job as a command of the shell. Options, defaults and help are made from the job's settings;
 * only the examples, and what it writes, are said here.
 */
final class JobLine implements Callable<Integer> {

  private final JobCommand job;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final List<Setting> settings;

  private JobLine(JobCommand job) {
    this.job = job;
    this.settings = job.settings().stream().filter(s -> !s.isOfImageJ()).toList();
  }

  /**
   * The command.
   *
   * @param details what the help says after the job's own description
   * @param examples whole command lines
   */
  static CommandLine of(
      String name, Class<? extends JobCommand> job, String details, String... examples) {
    return of(name, JobCommand.defaults(job), details, examples);
  }

  /** The same of a job for open images, done with files. */
  static CommandLine inFiles(
      String name, Class<? extends JobCommand> job, String details, String... examples) {
    return inFiles(name, JobCommand.defaults(job), details, examples);
  }

  /** The same with settings of its own. */
  static CommandLine inFiles(String name, JobCommand job, String details, String... examples) {
    return of(name, InFiles.each(job), details, examples);
  }

  private static CommandLine of(String name, JobCommand job, String details, String... examples) {
    JobLine line = new JobLine(job);
    line.settings.forEach(line::add);
    List<String> footer =
        new ArrayList<>(List.of("", examples.length == 1 ? "Example:" : "Examples:"));
    for (String e : examples) footer.add("  " + e);
    line.spec.name(name);
    line.spec
        .usageMessage()
        .description(plain(job.description()), details)
        .footer(footer.toArray(String[]::new))
        .sortOptions(false);
    CommandLine command = new CommandLine(line.spec);
    command
        .getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, h -> line.synopsis() + System.lineSeparator());
    command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, line::options);
    return command;
  }

  /** With the options that have to be given, since there are many. */
  private String synopsis() {
    StringBuilder text = new StringBuilder(spec.qualifiedName());
    for (OptionSpec o : spec.options()) {
      if (o.required()) text.append(' ').append(o.names()[0]).append(' ').append(o.paramLabel());
    }
    text.append(" [OPTIONS]");
    for (PositionalParamSpec p : spec.positionalParameters()) {
      String words = p.paramLabel() + (p.arity().max() > 1 ? "..." : "");
      text.append(' ').append(p.required() ? words : "[" + words + "]");
    }
    return text.toString();
  }

  /** What many need first, then each group under its heading. */
  private String options(Help help) {
    Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
    groups.put("", new ArrayList<>());
    List<OptionSpec> rest = new ArrayList<>(spec.options());
    for (Setting s : settings) {
      List<OptionSpec> own = rest.stream().filter(o -> names(s).contains(o.names()[0])).toList();
      groups.computeIfAbsent(s.group().orElse(""), g -> new ArrayList<>()).addAll(own);
      rest.removeAll(own);
    }
    List<OptionSpec> first = groups.remove("");
    first.addAll(rest);
    StringBuilder text = new StringBuilder(help.optionListExcludingGroups(first));
    List<String> headings = new ArrayList<>(groups.keySet());
    Collections.reverse(headings); // what is nearest to the job first
    for (String heading : headings) {
      text.append(Strings.format("%n%s:%n", heading))
          .append(help.optionListExcludingGroups(groups.get(heading)));
    }
    return text.toString();
  }

  private static List<String> names(Setting s) {
    List<String> names = new ArrayList<>(s.options());
    names.addAll(s.flags().keySet());
    names.add("--no-" + s.key());
    return names;
  }

  private void add(Setting s) {
    String help = plain(s.help() + defaultOf(s));
    if (s.isArguments()) {
      boolean several = s.valueLabel().endsWith("...");
      spec.addPositional(
          PositionalParamSpec.builder()
              .paramLabel(s.valueLabel().replace("...", ""))
              .description(help)
              .arity((s.isRequired() ? "1" : "0") + (several ? "..*" : s.isRequired() ? "" : "..1"))
              .required(s.isRequired())
              .type(several ? List.class : s.type())
              .auxiliaryTypes(several ? String.class : s.type())
              .setter(setter(v -> s.set(several ? new File(joined(v, "\n")) : v)))
              .build());
      return;
    }
    if (s.type() == boolean.class) {
      addSwitch(s, help);
      return;
    }
    OptionSpec.Builder option =
        OptionSpec.builder(s.options().toArray(String[]::new))
            .paramLabel(s.valueLabel())
            .description(help)
            .type(s.type())
            .required(isRequired(s))
            .initialValue(s.get())
            .setter(setter(v -> s.set(v)));
    if (s.valueLabel().endsWith(",...")) {
      // may also be given several times
      List<Object> given = new ArrayList<>();
      option
          .type(List.class)
          .auxiliaryTypes(String.class)
          .initialValue(null)
          .setter(
              setter(
                  v -> {
                    given.addAll((List<?>) v);
                    s.set(joined(given, ","));
                  }));
    }
    if (s.choices().contains("true")) option.arity("0..1").fallbackValue("true");
    spec.addOption(option.build());
    s.flags()
        .forEach(
            (flag, value) ->
                addFlag(
                    List.of(flag),
                    "The same as " + s.options().get(0) + " " + value + ".",
                    () -> s.set(value)));
  }

  /** Help that picocli shows as it is. */
  private static String plain(String help) {
    return help.replace("%", "%%");
  }

  /** An option without a value that is on, or off, unless it is given. */
  private void addSwitch(Setting s, String help) {
    boolean on = (boolean) s.get();
    List<String> names = new ArrayList<>(s.flags().keySet());
    if (on) names.add("--no-" + s.key());
    else names.addAll(s.options());
    addFlag(names, on ? plain(s.off()) : help, () -> s.set(!on));
  }

  private void addFlag(List<String> names, String help, Runnable given) {
    spec.addOption(
        OptionSpec.builder(names.toArray(String[]::new))
            .arity("0")
            .type(boolean.class)
            .description(help)
            .initialValue(false)
            .setter(
                setter(
                    v -> {
                      if (v.equals(true)) given.run();
                    }))
            .build());
  }

  private static String joined(Object values, String separator) {
    return ((List<?>) values).stream().map(String::valueOf).collect(Collectors.joining(separator));
  }

  /** Told of values that are given; what is not keeps its default. */
  private static CommandLine.Model.ISetter setter(Consumer<Object> take) {
    return new CommandLine.Model.ISetter() {
      @Override
      public <T> T set(T value) {
        if (value != null) take.accept(value);
        return value;
      }
    };
  }

  private boolean isRequired(Setting s) {
    return s.isRequired() && text(s).isEmpty() && s.choices().isEmpty();
  }

  /** Such as {@code (default: 60)}; the help tells of what is empty. */
  private String defaultOf(Setting s) {
    String text = text(s);
    boolean told = text.isEmpty() || s.type() == boolean.class;
    return told ? "" : " (default: " + text + ")";
  }

  private String text(Setting s) {
    Object value = s.get();
    if (value instanceof File f) return f.getPath();
    if (value instanceof Double d)
      return BigDecimal.valueOf(d).stripTrailingZeros().toPlainString();
    return String.valueOf(value);
  }

  @Override
  public Integer call() {
    requireOneEach(spec.commandLine().getParseResult());
    ShellCaller caller = new ShellCaller(spec);
    try {
      job.run(caller);
    } catch (SettingException e) {
      throw inShell(e);
    }
    return caller.code();
  }

  /** An option and one that sets the same. */
  private void requireOneEach(ParseResult given) {
    for (Setting s : settings) {
      List<String> named = new ArrayList<>();
      if (s.type() != boolean.class && given.hasMatchedOption(s.options().get(0)))
        named.add(s.options().get(0));
      s.flags().keySet().stream().filter(given::hasMatchedOption).forEach(named::add);
      if (named.size() > 1) {
        throw new ParameterException(
            spec.commandLine(), String.join(" and ", named) + " exclude each other.");
      }
    }
  }

  private RuntimeException inShell(SettingException e) {
    if (e.remedies().isEmpty()) {
      return new ParameterException(spec.commandLine(), option(e.key()) + ": " + e.sentence());
    }
    String remedies =
        e.remedies().stream()
            .map(r -> option(r.key()) + (r.value().equals("true") ? "" : " " + r.value()))
            .collect(Collectors.joining(" or "));
    return new SpyhopException(Strings.format("%s (%s).", e.sentence(), remedies), e);
  }

  private String option(String key) {
    return settings.stream()
        .filter(s -> s.key().equals(key))
        .map(s -> s.isArguments() ? s.valueLabel() : s.options().get(0))
        .findFirst()
        .orElse(key);
  }
}
