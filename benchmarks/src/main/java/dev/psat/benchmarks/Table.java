package dev.psat.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.util.Assert;

/**
 * A Markdown table. The first column holds words, the others figures.
 */
public final class Table {

	private final List<List<String>> rows = new ArrayList<>();

	private final int columns;

	public Table(String... columns) {
		this.columns = columns.length;
		row((Object[]) columns);
		this.rows.add(Stream.iterate("---", (cell) -> "--:").limit(columns.length).toList());
	}

	/**
	 * Add a row.
	 * @param cells as many as there are columns
	 * @return this table
	 */
	public Table row(Object... cells) {
		Assert.isTrue(cells.length == this.columns, () -> "A row needs %d cells".formatted(this.columns));
		this.rows.add(Stream.of(cells).map(Objects::toString).toList());
		return this;
	}

	String markdown() {
		return this.rows.stream()
			.map((row) -> row.stream().collect(Collectors.joining(" | ", "| ", " |\n")))
			.collect(Collectors.joining());
	}

}
