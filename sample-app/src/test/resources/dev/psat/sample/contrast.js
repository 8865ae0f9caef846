(() => {
  // Text whose contrast with what is behind it is below WCAG's AA (4.5), for each tone the page can have
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => value / 255)
        .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 && element.parentElement ? behind(element.parentElement) : color;
  };
  const poor = [];
  document.querySelectorAll('[hidden]').forEach((element) => element.hidden = false);
  for (const tone of ['good', 'warn', 'bad', 'idle']) {
    document.querySelectorAll('[data-tone]').forEach((element) => element.dataset.tone = tone);
    for (const element of document.querySelectorAll('body *:not(script):not(style)')) {
      const text = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      if (text) {
        const [low, high] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => a - b);
        const contrast = (high + 0.05) / (low + 0.05);
        if (contrast < 4.5) {
          poor.push(`${tone} ${element.tagName} ${element.id} ${contrast.toFixed(2)}`);
        }
      }
    }
  }
  return poor;
})()
