package dev.psat.products;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/**
 * The configuration of an application, as the documentation prints it.
 *
 * @param properties the properties
 */
public record Recipe(List<String> properties) {

	/**
	 * Read a recipe.
	 * @param file the name of the file
	 * @return the recipe
	 */
	public static Recipe of(String file) {
		List<String> properties = new ArrayList<>();
		try {
			for (PropertySource<?> source : new YamlPropertySourceLoader().load(file,
					new ClassPathResource("recipes/" + file))) {
				for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
					properties.add(name + "=" + source.getProperty(name));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new Recipe(List.copyOf(properties));
	}

	/**
	 * Read a recipe for the product itself.
	 * @param file the name of the file
	 * @return the text
	 */
	public static String text(String file) {
		try {
			return new ClassPathResource("recipes/" + file).getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return a recipe that differs.
	 * @param others properties that take the place of those of the same name, or are
	 * added
	 * @return the recipe
	 */
	public Recipe with(String... others) {
		Set<String> replaced = Stream.of(others).map(Recipe::name).collect(Collectors.toSet());
		return new Recipe(Stream
			.concat(this.properties.stream().filter((property) -> !replaced.contains(name(property))),
					Stream.of(others))
			.toList());
	}

	/**
	 * Return a recipe that lacks a line.
	 * @param name the name of the property
	 * @return the recipe
	 */
	public Recipe without(String name) {
		return new Recipe(this.properties.stream().filter((property) -> !name.equals(name(property))).toList());
	}

	/**
	 * Return the value of a property.
	 * @param name the name of the property
	 * @return the value
	 */
	public String property(String name) {
		return this.properties.stream()
			.filter((property) -> name.equals(name(property)))
			.map((property) -> property.substring(name.length() + 1))
			.findFirst()
			.orElseThrow();
	}

	private static String name(String property) {
		return property.split("[=\\[]", 2)[0];
	}

	/**
	 * Run an application by this recipe.
	 * @param world the world around it
	 * @param source the configuration
	 * @return the application, which has an X.509-SVID
	 */
	public TlsApplication run(TlsWorld world, Class<?> source) {
		return TlsApplication.run(world, source, this.properties.toArray(String[]::new));
	}

}
