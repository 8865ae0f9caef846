package dev.psat.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 */
public record Markdown(Path file, String text) {

	static final Path ROOT = Path.of("..");

	private static final Pattern BLOCK = Pattern.compile("(?:<!-- snippet: (\\S+) -->\n)?^```(\\w*)\n(.*?)^```$",
			Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern RESULT = Pattern.compile("<!-- result: (\\S+) -->\n(.*?)<!-- end of result -->",
			Pattern.DOTALL);

	private static final Pattern FIGURE = Pattern.compile("\\d[\\d.,]* (?:[nµm]?s|[KM]i?B|B|%)(?!\\w)");

	private static final Pattern LINK = Pattern.compile("(?:\\]\\(|(?:src|srcset)=\")([^)\"\\s]+)[)\"]");

	private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

	private static final Pattern NO_PROSE = Pattern.compile("^```.*?^```$|<!--.*?-->|^<.*$",
			Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern CODE = Pattern.compile("`[^`]*`");

	private static final Pattern END_OF_SENTENCE = Pattern.compile("\\R|(?<=[.:?!])\\s|(?<=[.:?!]\\))\\s|\\s\\|");

	private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| ([^|]*) \\| .*\\|$", Pattern.MULTILINE);

	public static Markdown of(String file) {
		try {
			Path path = ROOT.resolve(file);
			return new Markdown(path, Files.readString(path));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static List<Markdown> all() throws IOException {
		try (Stream<Path> guide = Files.list(ROOT.resolve("docs"))) {
			return Stream.concat(
					Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "benchmarks/README.md",
							"benchmarks/decisions.md", "benchmarks/method.md", "shop/README.md"),
					guide.map((file) -> file.getFileName().toString())
						.filter((name) -> name.endsWith(".md"))
						.sorted()
						.map("docs/"::concat))
				.map(Markdown::of)
				.toList();
		}
	}

	boolean isOfTheGuide() {
		return this.file.startsWith(ROOT.resolve("docs"));
	}

	/**
	 * Return what matches in any text, sorted.
	 */
	static Set<String> found(Pattern pattern, String text) {
		return pattern.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
	}

	public List<Block> blocks(String language) {
		return BLOCK.matcher(this.text)
			.results()
			.filter((block) -> block.group(2).equals(language))
			.map((block) -> new Block(String.valueOf(block.group(1)), block.group(3)))
			.toList();
	}

	/**
	 * Return what the page quotes from files of results.
	 */
	List<Quote> results() {
		return RESULT.matcher(this.text)
			.results()
			.map((result) -> new Quote(List.of(result.group(1)), result.group(2).strip()))
			.toList();
	}

	/**
	 * Return the figures with a unit in the lines that link files of results, as quotes
	 * from those files.
	 */
	List<Quote> figures() {
		List<Quote> figures = new ArrayList<>();
		this.text.lines().forEach((line) -> {
			List<String> results = links(line).filter((link) -> link.contains("results/"))
				.map((link) -> link.substring(link.lastIndexOf('/') + 1))
				.toList();
			if (!results.isEmpty()) {
				FIGURE.matcher(line).results().forEach((figure) -> figures.add(new Quote(results, figure.group())));
			}
		});
		return figures;
	}

	List<String> links() {
		return links(this.text).toList();
	}

	private static Stream<String> links(String text) {
		return LINK.matcher(text).results().map((link) -> link.group(1)).filter((link) -> !link.contains("://"));
	}

	/**
	 * Return what links to a heading name it by.
	 */
	List<String> anchors() {
		return HEADING.matcher(this.text)
			.results()
			.map((heading) -> heading.group(1).toLowerCase().replaceAll("[^\\w -]", "").replace(' ', '-'))
			.toList();
	}

	/**
	 * Return how many words there are, but for blocks of code.
	 */
	int words() {
		return words(prose());
	}

	/**
	 * Return the sentences, cells of tables and items of lists that have more words than
	 * that. What is in code font is one word.
	 */
	List<String> sentencesLongerThan(int words) {
		return END_OF_SENTENCE.splitAsStream(CODE.matcher(prose()).replaceAll("code"))
			.map(String::strip)
			.filter((sentence) -> words(sentence) > words)
			.toList();
	}

	private String prose() {
		return NO_PROSE.matcher(this.text).replaceAll("");
	}

	private static int words(String text) {
		return text.isBlank() ? 0 : text.strip().split("\\s+").length;
	}

	/**
	 * Return the rows of tables that begin with one thing in code font.
	 */
	List<Row> rows() {
		List<Row> rows = new ArrayList<>();
		Matcher row = ROW.matcher(this.text);
		while (row.find()) {
			rows.add(new Row(row.group(1), row.group(2).replace("`", "")));
		}
		return rows;
	}

	@Override
	public String toString() {
		return this.file.toString();
	}

	public record Block(String snippet, String content) {

	}

	record Quote(List<String> files, String text) {

		/**
		 * Return whether the text stands there, and not as a part of a longer number.
		 */
		boolean isIn(String result) {
			return Pattern.compile("(?<![\\d.,])" + Pattern.quote(this.text)).matcher(result).find();
		}

	}

	record Row(String name, String value) {

	}

}
