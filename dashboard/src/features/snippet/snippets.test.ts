import { describe, expect, it } from 'vitest';
import { snippetsFor, written } from './snippets';

describe('snippets', () => {
  it('show the eleven languages of a token request in their order, without a placeholder left', () => {
    const shown = snippetsFor('token', {
      token_url: 'https://auth.example.com/oauth/token',
      client_id: 'abc',
      audience: 'https://api.example.com',
    });

    expect(shown.map((snippet) => snippet.language)).toEqual([
      'cURL',
      'C#',
      'Go',
      'Java',
      'JavaScript in a browser',
      'Node.js',
      'Objective-C',
      'PHP',
      'Python',
      'Ruby',
      'Swift',
    ]);
    for (const { language, text } of shown) {
      expect(text, language).not.toContain('{{');
      if (language !== 'JavaScript in a browser') {
        expect(text, language).toContain('YOUR_CLIENT_SECRET');
      }
    }
  });

  it('keep a value within its quotes', () => {
    expect(written('audience', 'a"b\\c', 'double')).toBe('a\\"b\\\\c');
    expect(written('audience', "a'b\\c", 'single')).toBe("a\\'b\\\\c");
    expect(written('audience', "a'b", 'double')).toBe("a'b");
  });

  it('write no value that a language or an editor could read otherwise', () => {
    expect(written('audience', 'line\nbreak', 'double')).toBe('YOUR_AUDIENCE');
    expect(written('audience', 'right\u202eto-left', 'double')).toBe('YOUR_AUDIENCE');
    expect(written('access_token', '$(reboot)', 'double')).toBe('YOUR_ACCESS_TOKEN');
    expect(written('api_url', "https://a.example/'b c`", 'double')).toBe('https://a.example/%27b%20c%60');
  });

  it('fill in each placeholder once, so that a value that looks like one stays', () => {
    const [curl] = snippetsFor('token', {
      token_url: 'https://a.example',
      client_id: '{{audience}}',
      audience: 'x',
    });

    expect(curl?.text).toContain('{{audience}}');
  });
});
