package dev.psat.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Pattern;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * A property that holds the path of a file, or its {@code file:} URI. Public only for the
 * other modules of this project.
 *
 * @since 0.1.0
 */
public final class PathProperty {

	/**
	 * What may follow a scheme otherwise is the legal name of a directory. Of two
	 * characters at least, since one is a drive of Windows.
	 */
	private static final Pattern URI_START = Pattern.compile("(?i)file:|[a-z][a-z0-9+.-]+:/");

	private PathProperty() {
	}

	/**
	 * Return the path that a property holds. Whether there is such a file is not asked.
	 * @param name name of the property, without our prefix {@code spire.psat.}
	 * @param value its value
	 * @param action what to do if it is invalid
	 * @return the path
	 * @throws InvalidPsatPropertyException if it is blank, or no such path
	 */
	public static Path parse(String name, String value, String action) {
		if (!StringUtils.hasText(value)) {
			throw new InvalidPsatPropertyException(name, value, "It must not be blank.", action);
		}
		try {
			return URI_START.matcher(value).lookingAt() ? pathOf(URI.create(value)) : Path.of(value);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPsatPropertyException(name, value, "It is neither the path of a file nor its 'file:' URI.",
					action);
		}
	}

	private static Path pathOf(URI uri) {
		Assert.isTrue("file".equalsIgnoreCase(uri.getScheme()), "'uri' must have the scheme 'file'");
		return Path.of(uri);
	}

}
