package dev.psat.autoconfigure.internal;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Pattern;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/** Parses a property that holds the path of a file or its {@code file:} URI. */
public final class PathProperty {

	/**
	 * Without a slash, anything but {@code file:} can be the start of a file name. A
	 * scheme has at least two characters, since a single one is a Windows drive.
	 */
	private static final Pattern URI_START = Pattern.compile("(?i)file:|[a-z][a-z0-9+.-]+:/");

	/** With or without a slash. No file would ever be meant. */
	private static final Pattern RESOURCE_START = Pattern.compile("(?i)classpath\\*?:");

	private PathProperty() {
	}

	/** The file need not exist. The name is without the prefix {@code spire.}. */
	public static Path parse(String name, String value, String action) {
		if (!StringUtils.hasText(value)) {
			throw PsatStartupException.ofProperty(name, value, "It must not be blank.", action);
		}
		if (RESOURCE_START.matcher(value).lookingAt()) {
			throw PsatStartupException.ofProperty(name, value,
					"It is a resource of the class path and must be a file, which may change while the application runs.",
					action);
		}
		try {
			return URI_START.matcher(value).lookingAt() ? pathOf(URI.create(value)) : Path.of(value);
		}
		catch (IllegalArgumentException ex) {
			throw PsatStartupException.ofProperty(name, value, "It is neither a file path nor a 'file:' URI.", action);
		}
	}

	private static Path pathOf(URI uri) {
		Assert.isTrue("file".equalsIgnoreCase(uri.getScheme()), "'uri' must have the scheme 'file'");
		return Path.of(uri);
	}

}
