package dev.psat.benchmarks;

import java.util.ArrayList;
import java.util.List;

import org.springframework.util.Assert;

/**
 * The report of a benchmark: a title, followed by paragraphs and tables.
 */
public final class Report {

	private final String title;

	private final List<String> blocks = new ArrayList<>();

	private boolean failed;

	public Report(String title) {
		this.title = title;
	}

	/**
	 * Add a paragraph.
	 * @param text its text, in Markdown; white space at its beginning would make it code
	 * @return this report
	 */
	public Report paragraph(String text) {
		Assert.isTrue(text.equals(text.stripLeading()), "A paragraph must not begin with white space");
		this.blocks.add(text + "\n");
		return this;
	}

	/**
	 * Add a table.
	 * @param table the table
	 * @return this report
	 */
	public Report table(Table table) {
		this.blocks.add(table.markdown());
		return this;
	}

	/**
	 * Mark this report as failed: what the table should prove does not hold. It is
	 * written nonetheless.
	 * @return this report
	 */
	public Report failed() {
		this.failed = true;
		return this;
	}

	boolean isFailed() {
		return this.failed;
	}

	String markdown(String heading) {
		return "# %s\n\n%s\n\n%s".formatted(this.title, heading, String.join("\n", this.blocks));
	}

}
