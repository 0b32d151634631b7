// Sets the theme before the first paint: as chosen here, else as the system has it.
const chosen = localStorage.getItem('jeton-theme');
const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
