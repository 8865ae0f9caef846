package dev.psat.shop.orders;

import dev.psat.shop.orders.Inventory.Stock;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClientException;

/**
 * Takes orders from anybody.
 */
@RestController
class OrderController {

	private static final Log logger = LogFactory.getLog(OrderController.class);

	private final Inventory inventory;

	OrderController(Inventory inventory) {
		this.inventory = inventory;
	}

	@GetMapping("/orders/{article}")
	Order order(@PathVariable String article) {
		return new Order(article, this.inventory.stock(article));
	}

	@ExceptionHandler
	ProblemDetail unavailable(RestClientException ex) {
		logger.warn("The inventory could not be asked: " + ex.getMessage());
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_GATEWAY, "The inventory could not be asked");
	}

	record Order(String article, @Nullable Stock inventory) {

	}

}
