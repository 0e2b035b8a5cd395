import type { Words } from './words.js';

export const HINDI: Words = {
  tag: 'hi-IN',
  clockFormat: { dayPeriod: 'short', hour12: true },
  clock: (time) => `${time} बजे`,
  fromTo: (start, end) => `${start} से ${end} तक`,
  messages: {
    HOLD_MADE: {
      subject: (title) => `आपके लिए सुरक्षित: ${title}`,
      heading: 'आपके स्लॉट सुरक्षित रखे गए हैं',
      text: ({ until }) =>
        `कृपया ${until} से पहले अपनी बुकिंग की पुष्टि करें। इसके बाद ये स्लॉट फिर से सबके लिए उपलब्ध हो जाएँगे।`,
      action: 'बुकिंग की पुष्टि करें',
      sms: ({ title, reference, count }) =>
        `${title} के ${count} स्लॉट आपके लिए सुरक्षित हैं। संदर्भ ${reference}। जल्द पुष्टि करें:`,
    },
    BOOKING_CONFIRMED: {
      subject: (title) => `बुकिंग की पुष्टि हो गई: ${title}`,
      heading: 'आपकी बुकिंग की पुष्टि हो गई है',
      text: () => 'पहुँचने पर यह कोड दिखाएँ या अपनी संदर्भ संख्या बताएँ।',
      action: 'बुकिंग देखें',
      sms: ({ title, reference, when, count }) =>
        `बुकिंग ${reference} की पुष्टि हो गई: ${title}, ${when}, ${count} स्लॉट।`,
    },
    BOOKING_REDUCED: {
      subject: (title) => `बुकिंग में बदलाव: ${title}`,
      heading: 'आपकी बुकिंग बदल गई है',
      text: ({ count }) => `अब यह ${count} स्लॉट के लिए है। संदर्भ संख्या वही है।`,
      action: 'बुकिंग देखें',
      sms: ({ title, reference, when, count }) =>
        `बुकिंग ${reference} अब ${count} स्लॉट के लिए है: ${title}, ${when}।`,
    },
    BOOKING_CANCELLED: {
      subject: (title) => `बुकिंग रद्द: ${title}`,
      heading: 'आपकी बुकिंग रद्द हो गई है',
      text: () => 'इसके स्लॉट लौटा दिए गए हैं। आपको और कुछ नहीं करना है।',
      action: 'बुकिंग देखें',
      sms: ({ title, reference, when }) => `बुकिंग ${reference} रद्द हो गई: ${title}, ${when}।`,
    },
    SHOW_CHANGED: {
      subject: (title) => `कृपया बदलाव पर ध्यान दें: ${title}`,
      heading: 'आपकी बुकिंग से जुड़ी जानकारी बदल गई है',
      text: ({ cancelUntil }) =>
        cancelUntil === null
          ? 'आपकी बुकिंग मान्य है। अब उसे रद्द नहीं किया जा सकता।'
          : `आपकी बुकिंग मान्य है। यदि आप नहीं आ सकते, तो आप उसे ${cancelUntil} तक रद्द कर सकते हैं।`,
      action: 'बुकिंग देखें',
      sms: ({ title, reference, when }) => `आपकी बुकिंग ${reference} में बदलाव: ${title}, अब ${when}।`,
    },
    SHOW_CANCELLED: {
      subject: (title) => `रद्द किया गया: ${title}`,
      heading: 'कार्यक्रम रद्द कर दिया गया है',
      text: () => 'आयोजक ने इसे रद्द कर दिया है, इसलिए आपकी बुकिंग भी रद्द हो गई है। असुविधा के लिए हमें खेद है।',
      action: 'बुकिंग देखें',
      sms: ({ title, reference, when }) =>
        `${title}, ${when} को आयोजक ने रद्द कर दिया है। आपकी बुकिंग ${reference} भी रद्द हो गई है।`,
    },
  },
  greeting: 'नमस्ते,',
  labels: {
    reference: 'संदर्भ संख्या',
    when: 'कब',
    where: 'कहाँ',
    route: 'मार्ग',
    practitioner: 'किनके साथ',
    slots: 'स्लॉट',
    customer: 'किनके लिए',
    before: 'पहले:',
  },
  codeOf: (reference) => `संदर्भ संख्या ${reference} का QR कोड`,
  calendar: 'संलग्न कैलेंडर फ़ाइल आपके कैलेंडर में तारीख को सही रखती है।',
  calendarOfCancelled: 'संलग्न कैलेंडर फ़ाइल आपके कैलेंडर से यह तारीख हटा देती है।',
  why: (host) => `आपको यह संदेश इसलिए मिला है क्योंकि आपने ${host} पर बुकिंग की है।`,
  preferences: 'चुनें कि आपको कौन-से संदेश मिलें',
};
