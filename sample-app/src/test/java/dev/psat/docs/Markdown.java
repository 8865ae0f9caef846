package dev.psat.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 */
record Markdown(Path file, String text) {

	static final Path ROOT = Path.of("..");

	private static final Pattern BLOCK = Pattern.compile("(?:<!-- snippet: (\\S+) -->\n)?^```(\\w*)\n(.*?)^```$",
			Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern LINK = Pattern.compile("(?:\\]\\(|(?:src|srcset)=\")([^)\"\\s]+)[)\"]");

	private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

	private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| ([^|]*) \\| .*\\|$", Pattern.MULTILINE);

	static Markdown of(String file) {
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
			return Stream
				.concat(Stream.of("README.md", "CONTRIBUTING.md"),
						guide.map((file) -> file.getFileName().toString())
							.filter((name) -> name.endsWith(".md"))
							.sorted()
							.map("docs/"::concat))
				.map(Markdown::of)
				.toList();
		}
	}

	List<Block> blocks(String language) {
		return BLOCK.matcher(this.text)
			.results()
			.filter((block) -> block.group(2).equals(language))
			.map((block) -> new Block(String.valueOf(block.group(1)), block.group(3)))
			.toList();
	}

	List<String> links() {
		return LINK.matcher(this.text)
			.results()
			.map((link) -> link.group(1))
			.filter((link) -> !link.contains("://"))
			.toList();
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

	record Block(String snippet, String content) {

	}

	record Row(String name, String value) {

	}

}
